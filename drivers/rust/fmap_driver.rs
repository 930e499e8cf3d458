// SPDX-License-Identifier: Apache-2.0
//! A complete GET_FMAP parser behind the frames protocol: what the kernel of RFC v2 (profile rfc-v2) does with a
//! message, bug for bug. Build: `rustc -O fmap_driver.rs`. To test another parser, replace `parse` and keep the rest.
use std::convert::TryInto;
use std::io::{self, Read, Write};

const EINVAL: i32 = 22;
const E2BIG: i32 = 7;
const MAX_EXTENTS: u32 = 32;
const MAX_STRIPS: u32 = 32;
const ALIGN: u64 = 2 << 20; // a huge page on x86-64
const HEADER_BYTES: u64 = 32;
const RECORD_BYTES: u64 = 24; // of a simple extent, a strip and an iext's head alike
const MAX_MESSAGE: usize = 1 << 20;

/// A simple extent, or one strip of an interleaved extent: devindex, offset, length.
type Range = [u64; 3];

enum Extent {
    Simple(Range),
    Interleaved { chunk_size: u32, nbytes: u64, strips: Vec<Range> },
}

struct Map {
    file_type: u8,
    ext_type: u32,
    file_size: u64,
    dev_bitmap: u64,
    extents: Vec<Extent>,
}

/// What is summed up over all ranges of a message and judged at its end.
#[derive(Default)]
struct Tally {
    errors: u32,
    total: u64,
    dev_bitmap: u64,
}

fn le32(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

fn le64(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

/// Cuts `n` bytes off the front of `rest`. `n` is 64 bits wide because 24 * nstrips does not fit 32.
fn take<'a>(rest: &mut &'a [u8], n: u64) -> Result<&'a [u8], i32> {
    if n > rest.len() as u64 {
        return Err(EINVAL);
    }
    let (front, back) = rest.split_at(n as usize);
    *rest = back;
    Ok(front)
}

fn read_range(wire: &[u8], tally: &mut Tally) -> Range {
    let (dev, offset, length) = (le32(wire, 0), le64(wire, 8), le64(wire, 16));
    tally.errors += (dev != 0) as u32; // this revision knows one device only
    tally.errors += (offset % ALIGN != 0) as u32;
    tally.errors += (length % ALIGN != 0) as u32;
    tally.dev_bitmap |= 1u64.checked_shl(dev).unwrap_or(0);
    tally.total = tally.total.wrapping_add(length); // silently, as in the kernel
    [dev.into(), offset, length]
}

/// Never looked at: version, file type, reserved fields, trailing bytes, chunk size, overlap.
fn parse(msg: &[u8]) -> Result<Map, i32> {
    let (mut rest, mut tally, mut extents) = (msg, Tally::default(), Vec::new());
    let header = take(&mut rest, HEADER_BYTES)?;
    let (ext_type, count, file_size) = (le32(header, 4), le32(header, 8), le64(header, 16));
    match (ext_type, count) {
        (_, n) if n > MAX_EXTENTS => return Err(E2BIG), // even if ext_type is unknown
        (0, 1..) => {
            for record in take(&mut rest, u64::from(count) * RECORD_BYTES)?.chunks_exact(RECORD_BYTES as usize) {
                extents.push(Extent::Simple(read_range(record, &mut tally)));
            }
        }
        (1, 1..) => {
            for _ in 0..count {
                let head = take(&mut rest, RECORD_BYTES)?;
                let (nstrips, chunk_size, nbytes) = (le32(head, 0), le32(head, 4), le64(head, 8));
                if nbytes == 0 {
                    return Err(EINVAL);
                }
                let records = take(&mut rest, u64::from(nstrips) * RECORD_BYTES)?.chunks_exact(RECORD_BYTES as usize);
                tally.errors += (nstrips < 1 || nstrips > MAX_STRIPS) as u32; // and still they are read
                let strips = records.map(|record| read_range(record, &mut tally)).collect();
                extents.push(Extent::Interleaved { chunk_size, nbytes, strips });
            }
        }
        _ => return Err(EINVAL),
    }
    // Signed: strips that exceed the file by more than 2^63 bytes look like too few. Simple extents do not.
    let too_few = ext_type == 1 && file_size.wrapping_sub(tally.total) as i64 > 0;
    if too_few || tally.errors > 0 || tally.total < file_size {
        return Err(EINVAL);
    }
    Ok(Map { file_type: header[0], ext_type, file_size, dev_bitmap: tally.dev_bitmap, extents })
}

fn put(out: &mut Vec<u8>, words: &[u64]) {
    words.iter().for_each(|word| out.extend(word.to_le_bytes()));
}

/// Appends one frame. Two u32 side by side are written as one u64, the first in its low half.
fn reply(out: &mut Vec<u8>, verdict: Result<Map, i32>) {
    let start = out.len();
    out.extend([0; 4]); // the length, filled in at the end
    out.extend((-verdict.as_ref().err().unwrap_or(&0)).to_le_bytes());
    if let Ok(map) = verdict {
        let types = u64::from(map.file_type) | u64::from(map.ext_type) << 32;
        put(out, &[types, map.file_size, map.dev_bitmap, map.extents.len() as u64]);
        for extent in &map.extents {
            match extent {
                Extent::Simple(range) => put(out, range),
                Extent::Interleaved { chunk_size, nbytes, strips } => {
                    put(out, &[(*chunk_size).into(), *nbytes, strips.len() as u64]);
                    strips.iter().for_each(|strip| put(out, strip));
                }
            }
        }
    }
    let length = (out.len() - start - 4) as u32;
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
}

fn main() -> io::Result<()> {
    let (mut input, mut out) = (vec![0; 4 + MAX_MESSAGE], Vec::new());
    let (mut head, mut tail) = (0, 0); // input[head..tail] was read and not yet parsed
    loop {
        while tail - head < 4 || tail - head - 4 < le32(&input, head) as usize {
            io::stdout().write_all(&out)?; // whoever asked may wait for these before asking more
            io::stdout().flush()?;
            out.clear();
            input.copy_within(head..tail, 0);
            (head, tail) = (0, tail - head);
            match io::stdin().read(&mut input[tail..])? {
                0 if tail == 0 => return Ok(()),
                0 => return Err(io::ErrorKind::InvalidData.into()), // cut short, or over MAX_MESSAGE
                n => tail += n,
            }
        }
        let end = head + 4 + le32(&input, head) as usize;
        reply(&mut out, parse(&input[head + 4..end]));
        head = end;
    }
}
