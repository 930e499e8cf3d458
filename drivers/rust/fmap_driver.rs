// SPDX-License-Identifier: Apache-2.0
//! The frames protocol on stdin and stdout: `fmap_driver [PROFILE]`. Build: `rustc -O fmap_driver.rs`. To test another
//! parser, replace `parse`, in fmap.rs.
#[allow(dead_code)] // the resolver: frames carry none
mod fmap;

use fmap::{le32, parse, profile, Extent, Map};
use std::io::{self, Read, Write};

const MAX_MESSAGE: usize = 1 << 20;

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
    let name = std::env::args().nth(1).unwrap_or_else(|| "rfc-v2".into());
    let profile = profile(&name).ok_or(io::ErrorKind::InvalidInput)?;
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
        reply(&mut out, parse(profile, &input[head + 4..end]));
        head = end;
    }
}
