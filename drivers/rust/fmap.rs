// SPDX-License-Identifier: Apache-2.0
//! A complete GET_FMAP parser and resolver: what the kernel of each revision does with a message, bug for bug. Never
//! looked at: version, file type, reserved fields, trailing bytes, overlap.
use std::convert::TryInto;

pub const EIO: i32 = 5;
pub const ENOMEM: i32 = 12;
pub const EINVAL: i32 = 22;
pub const E2BIG: i32 = 7;
pub const ERANGE: i32 = 34;

const MIB2: u32 = 2 << 20; // a huge page on x86-64
const S64_MAX: u64 = i64::MAX as u64;
const HEADER_BYTES: u64 = 32;
const RECORD_BYTES: u64 = 24; // of a simple extent, a strip and an iext's head alike
const KERNEL_IEXT_BYTES: u64 = 32; // of an iext in the kernel's own list; a range has 24 there, too
const MAX_ALLOCATION: u64 = 4 << 20; // of kmalloc

/// Chunk sizes that are taken.
#[derive(Clone, Copy)]
enum Chunks {
    Any,
    Aligned, // multiples of 2 MiB, 0 too
    Two,     // 4 KiB and 2 MiB
}

/// Where a file's bytes are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    Found(Range),
    Empty, // success, and no byte
    Failed(i32),
    Unknown, // no source gives the resolver
}

/// What differs from one kernel revision to another.
#[derive(Clone, Copy)]
pub struct Profile {
    pub name: &'static str,
    max_extents: u32, // u32::MAX: there is no limit
    max_strips: u32,  // u32::MAX: there is none, or it is not known
    none: i32,        // the errno of a message without extents
    many: i32,        // of one with more than max_extents
    interleaves: bool,
    chunks: Chunks,
    align: u64, // of offsets and lengths
    devices: u32,
    walks_signed: bool, // offsets and lengths are compared as s64
    nowhere: Place, // what resolving nothing gives
    checked: bool, // sums must not overflow, sizes must fit s64, and strips hold what falls on them
}

const RFC_V2: Profile = Profile {
    name: "rfc-v2",
    max_extents: 32,
    max_strips: 32,
    none: EINVAL,
    many: E2BIG,
    interleaves: true,
    chunks: Chunks::Any,
    align: MIB2 as u64,
    devices: 1,
    walks_signed: true,
    nowhere: Place::Empty,
    checked: false,
};
const V4: Profile = Profile { name: "v4", nowhere: Place::Failed(EIO), ..RFC_V2 };
const V7: Profile = Profile { name: "v7", chunks: Chunks::Aligned, ..V4 };
const V10: Profile = Profile { name: "v10", none: ERANGE, many: ERANGE, ..V7 };
const SIMPLE_ONLY: Profile = Profile {
    name: "simple-only",
    max_extents: u32::MAX,
    max_strips: u32::MAX,
    interleaves: false,
    walks_signed: false,
    ..V10
};

pub const PROFILES: [Profile; 8] = [
    Profile { name: "rfc-v1", max_extents: 2, max_strips: 16, nowhere: Place::Unknown, ..RFC_V2 },
    RFC_V2,
    Profile { name: "v3", ..RFC_V2 },
    V4,
    V7,
    V10,
    SIMPLE_ONLY,
    Profile {
        name: "dual-ext",
        interleaves: true,
        chunks: Chunks::Two,
        align: 4096,
        devices: 64,
        nowhere: Place::Unknown,
        checked: true,
        ..SIMPLE_ONLY
    },
];

pub fn profile(name: &str) -> Option<&'static Profile> {
    PROFILES.iter().find(|p| p.name == name)
}

/// A simple extent, or one strip of an interleaved extent: devindex, offset, length.
pub type Range = [u64; 3];

#[derive(Debug)]
pub enum Extent {
    Simple(Range),
    Interleaved { chunk_size: u32, nbytes: u64, strips: Vec<Range> },
}

#[derive(Debug)]
pub struct Map {
    pub file_type: u8,
    pub ext_type: u32,
    pub file_size: u64,
    pub dev_bitmap: u64,
    pub extents: Vec<Extent>,
}

pub fn le32(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

fn le64(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

fn require(holds: bool, errno: i32) -> Result<(), i32> {
    if holds { Ok(()) } else { Err(errno) }
}

/// Reads extents one after the other, and sums up what is judged at the end.
struct Reader<'a> {
    profile: &'a Profile,
    rest: &'a [u8],
    errors: u32, // faults that do not stop the parse
    total: u64,  // of all lengths; wraps silently, where it is not checked
    dev_bitmap: u64,
}

impl<'a> Reader<'a> {
    /// Cuts `n` bytes off the front. `n` is 64 bits wide because 24 * nstrips does not fit 32.
    fn take(&mut self, n: u64) -> Result<&'a [u8], i32> {
        require(n <= self.rest.len() as u64, EINVAL)?;
        let (front, back) = self.rest.split_at(n as usize);
        self.rest = back;
        Ok(front)
    }

    fn ranges(&mut self, n: u32) -> Result<Vec<Range>, i32> {
        let bytes = u64::from(n) * RECORD_BYTES;
        let records = self.take(bytes)?;
        require(bytes <= MAX_ALLOCATION, ENOMEM)?;
        records.chunks_exact(RECORD_BYTES as usize).map(|wire| self.range(wire)).collect()
    }

    fn range(&mut self, wire: &[u8]) -> Result<Range, i32> {
        let (dev, offset, length) = (le32(wire, 0), le64(wire, 8), le64(wire, 16));
        self.errors += (dev >= self.profile.devices) as u32;
        self.errors += (offset % self.profile.align != 0) as u32;
        self.errors += (length % self.profile.align != 0) as u32;
        let (total, overflows) = self.total.overflowing_add(length);
        require(!self.profile.checked || !overflows && offset.checked_add(length).is_some(), EINVAL)?;
        self.dev_bitmap |= 1u64.checked_shl(dev).unwrap_or(0);
        self.total = total;
        Ok([dev.into(), offset, length])
    }

    fn interleaved(&mut self) -> Result<Extent, i32> {
        let Profile { chunks, checked, max_strips, .. } = *self.profile;
        let head = self.take(RECORD_BYTES)?;
        let (nstrips, chunk_size, nbytes) = (le32(head, 0), le32(head, 4), le64(head, 8));
        let chunk_fits = match chunks {
            Chunks::Any => true,
            Chunks::Aligned => chunk_size % MIB2 == 0,
            Chunks::Two => chunk_size == 4096 || chunk_size == MIB2,
        };
        require(chunk_fits && nbytes > 0, EINVAL)?;
        require(!checked || nbytes <= S64_MAX && nstrips > 0, EINVAL)?;
        self.errors += (nstrips < 1 || nstrips > max_strips) as u32; // and still they are read
        let strips = self.ranges(nstrips)?;
        require(!checked || strips_hold(chunk_size.into(), nbytes, &strips), EINVAL)?;
        Ok(Extent::Interleaved { chunk_size, nbytes, strips })
    }
}

/// Whether each strip is long enough for the chunks that fall on it, of which the last may be short.
fn strips_hold(chunk_size: u64, nbytes: u64, strips: &[Range]) -> bool {
    let (chunks, rest, n) = (nbytes / chunk_size, nbytes % chunk_size, strips.len() as u64);
    (0..n).zip(strips).all(|(i, [_, _, length])| {
        let whole = chunks / n + (i < chunks % n) as u64;
        *length >= whole * chunk_size + if i == chunks % n { rest } else { 0 }
    })
}

/// The message's map, or an errno.
pub fn parse(profile: &Profile, msg: &[u8]) -> Result<Map, i32> {
    let mut reader = Reader { profile, rest: msg, errors: 0, total: 0, dev_bitmap: 0 };
    let header = reader.take(HEADER_BYTES)?;
    let (ext_type, count, file_size) = (le32(header, 4), le32(header, 8), le64(header, 16));
    require(count >= 1, profile.none)?;
    require(count <= profile.max_extents, profile.many)?; // even if ext_type is unknown
    require(!profile.checked || file_size <= S64_MAX, EINVAL)?;
    let mut extents = Vec::new();
    if ext_type == 0 {
        extents.extend(reader.ranges(count)?.into_iter().map(Extent::Simple));
    } else {
        require(ext_type == 1 && profile.interleaves, EINVAL)?;
        // Before the bytes are known to be there.
        require(u64::from(count) * KERNEL_IEXT_BYTES <= MAX_ALLOCATION, ENOMEM)?;
        let mut served = 0u64; // cannot overflow where it is checked: the strips could not hold it
        for _ in 0..count {
            let extent = reader.interleaved()?;
            if let Extent::Interleaved { nbytes, .. } = extent {
                served = served.wrapping_add(nbytes);
            }
            extents.push(extent);
        }
        // Signed: strips that exceed the file by more than 2^63 bytes look like too few. Simple extents do not.
        let covers =
            if profile.checked { served >= file_size } else { file_size.wrapping_sub(reader.total) as i64 <= 0 };
        require(covers, EINVAL)?;
    }
    require(reader.errors == 0 && reader.total >= file_size, EINVAL)?;
    Ok(Map { file_type: header[0], ext_type, file_size, dev_bitmap: reader.dev_bitmap, extents })
}

/// Where the file's byte `offset` lies, and how many of the `want` bytes follow it there. Of interleaved extents in v4 it
/// is not known: they are clipped by a variable that was never set.
pub fn resolve(profile: &Profile, map: &Map, offset: u64, want: u64) -> Place {
    let mut local = offset;
    for extent in &map.extents {
        match extent {
            Extent::Simple([dev, start, length]) => {
                let within = if profile.walks_signed { (local as i64) < *length as i64 } else { local < *length };
                if within {
                    let rest = length.wrapping_sub(local) as i64; // the kernel's loff_t
                    return Place::Found([*dev, start.wrapping_add(local), rest.min(want as i64) as u64]);
                }
                local = local.wrapping_sub(*length);
            }
            Extent::Interleaved { chunk_size, nbytes, strips } => {
                let (chunk, served) = (u64::from(*chunk_size), *nbytes.min(&map.file_size));
                if served == 0 {
                    break;
                }
                if local < served {
                    if chunk == 0 {
                        return Place::Failed(EIO); // the kernel divides by zero here
                    }
                    let (chunk_num, rest, n) = (local / chunk, local % chunk, strips.len() as u64);
                    let [dev, start, _] = strips[(chunk_num % n) as usize]; // its length is never consulted
                    let place = start.wrapping_add(chunk_num / n * chunk).wrapping_add(rest);
                    return Place::Found([dev, place, want.min(chunk - rest)]);
                }
                local -= served;
            }
        }
    }
    profile.nowhere
}
