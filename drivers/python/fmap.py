# SPDX-License-Identifier: Apache-2.0
"""A complete GET_FMAP parser and resolver: what the kernel of each revision does with a message, bug for bug. Never
looked at: version, file type, reserved fields, trailing bytes, overlap."""
import struct
from typing import NamedTuple, Optional

MIB2 = 2 << 20  # a huge page on x86-64
SIMPLE, INTERLEAVED = 0, 1
U64 = (1 << 64) - 1
S64_MAX = (1 << 63) - 1
MAX_ALLOCATION = 4 << 20  # of kmalloc
KERNEL_RANGE, KERNEL_IEXT = 24, 32  # bytes of a range and of an interleaved extent in the kernel's own lists

# Little-endian, without padding. What no kernel reads is skipped with x.
HEADER = struct.Struct("<B3xIIxxxxQ8x")  # file_type, ext_type, nextents, file_size
IEXT = struct.Struct("<IIQ8x")  # nstrips, chunk_size, nbytes
RANGE = struct.Struct("<I4xQQ")  # devindex, offset, length: a simple extent or a strip


class Profile(NamedTuple):
    """What differs from one kernel revision to another."""

    max_extents: Optional[int] = 32  # None: there is no limit
    max_strips: Optional[int] = 32  # None: there is none, or it is not known
    none: str = "EINVAL"  # without extents
    many: str = "E2BIG"  # with more than max_extents
    interleaves: bool = True
    chunks: str = "any"  # or "aligned": multiples of 2 MiB, 0 too; or "two": 4 KiB and 2 MiB
    align: int = MIB2  # of offsets and lengths
    devices: int = 1
    nowhere: Optional[dict] = {"length": "0"}  # what resolving nothing gives; None: the resolver is not known
    walks_signed: bool = True  # offsets and lengths are compared as s64
    checked: bool = False  # sums must not overflow, sizes must fit s64, and strips hold what falls on them


RFC_V2 = Profile()
V4 = RFC_V2._replace(nowhere={"errno": "EIO"})
V7 = V4._replace(chunks="aligned")
V10 = V7._replace(none="ERANGE", many="ERANGE")
SIMPLE_ONLY = V10._replace(max_extents=None, max_strips=None, interleaves=False, walks_signed=False)
PROFILES = {
    "rfc-v1": RFC_V2._replace(max_extents=2, max_strips=16, nowhere=None),
    "rfc-v2": RFC_V2,
    "v3": RFC_V2,
    "v4": V4,
    "v7": V7,
    "v10": V10,
    "simple-only": SIMPLE_ONLY,
    "dual-ext": SIMPLE_ONLY._replace(
        interleaves=True, chunks="two", align=4096, devices=64, nowhere=None, checked=True
    ),
}


class Reject(Exception):
    """The message is refused; the argument is the errno's name."""


class Map(NamedTuple):
    file_type: int
    file_size: int
    ext_type: int
    dev_bitmap: int
    extents: list  # simple: (devindex, offset, length); interleaved: (chunk_size, nbytes, strips)


def require(holds, errno="EINVAL"):
    if not holds:
        raise Reject(errno)


def parse(profile, msg):
    """Returns a Map or raises Reject."""
    require(len(msg) >= HEADER.size)
    file_type, ext_type, nextents, file_size = HEADER.unpack_from(msg)
    require(nextents >= 1, profile.none)
    require(profile.max_extents is None or nextents <= profile.max_extents, profile.many)  # of any ext_type
    require(not profile.checked or file_size <= S64_MAX)
    reader = Reader(profile, msg)
    if ext_type == SIMPLE:
        extents = reader.ranges(nextents)
    else:
        require(ext_type == INTERLEAVED and profile.interleaves)
        require(nextents * KERNEL_IEXT <= MAX_ALLOCATION, "ENOMEM")  # before the bytes are known to be there
        extents = [reader.interleaved() for _ in range(nextents)]
        if profile.checked:
            require(sum(nbytes for _, nbytes, _ in extents) >= file_size)
        else:
            # Signed: strips that exceed the file by more than 2^63 bytes look like too few. Simple extents do not.
            require(s64(file_size - reader.total) <= 0)
    require(reader.errors == 0 and reader.total >= file_size)
    return Map(file_type, file_size, ext_type, reader.dev_bitmap, extents)


class Reader:
    """Reads extents one after the other, and sums up what is judged at the end."""

    def __init__(self, profile, msg):
        self.profile, self.msg, self.at = profile, msg, HEADER.size
        self.errors = 0  # faults that do not stop the parse
        self.total = 0  # of all lengths
        self.dev_bitmap = 0

    def take(self, size):
        start, self.at = self.at, self.at + size
        require(self.at <= len(self.msg))
        return self.msg[start : self.at]

    def ranges(self, n):
        records = self.take(n * RANGE.size)
        require(n * KERNEL_RANGE <= MAX_ALLOCATION, "ENOMEM")
        found = list(RANGE.iter_unpack(records))
        for devindex, offset, length in found:
            self.errors += devindex >= self.profile.devices
            self.errors += offset % self.profile.align != 0
            self.errors += length % self.profile.align != 0
            self.dev_bitmap |= 1 << devindex % 64  # of a map that is taken it is below 64
            require(not self.profile.checked or max(offset, self.total) + length <= U64)
            self.total = (self.total + length) & U64  # silently, where it is not checked
        return found

    def interleaved(self):
        profile = self.profile
        nstrips, chunk_size, nbytes = IEXT.unpack(self.take(IEXT.size))
        require(profile.chunks != "aligned" or chunk_size % MIB2 == 0)
        require(profile.chunks != "two" or chunk_size in (4096, MIB2))
        require(nbytes > 0)
        if profile.checked:
            require(nbytes <= S64_MAX and nstrips > 0)
        self.errors += nstrips < 1 or nstrips > (profile.max_strips or nstrips)  # and still they are read
        strips = self.ranges(nstrips)
        require(not profile.checked or strips_hold(chunk_size, nbytes, strips))
        return chunk_size, nbytes, strips


def strips_hold(chunk_size, nbytes, strips):
    """Whether each strip is long enough for the chunks that fall on it, of which the last may be short."""
    chunks, rest = divmod(nbytes, chunk_size)
    rows, left = divmod(chunks, len(strips))
    return all(
        length >= (rows + (i < left)) * chunk_size + (rest if i == left else 0)
        for i, (_, _, length) in enumerate(strips)
    )


def s64(value):
    """The same 64 bits as a signed number, which is what the kernel's loff_t holds."""
    value &= U64
    return value - (1 << 64) if value >> 63 else value


def range_json(extent):
    return dict(zip(("devindex", "offset", "length"), map(str, extent)))


def map_json(fmap):
    """The map as the NDJSON protocol and the vectors have it: u64 as decimal strings."""
    if fmap.ext_type == SIMPLE:
        name, extents = "simple", [range_json(extent) for extent in fmap.extents]
    else:
        name = "interleaved"
        extents = [
            {"chunkSize": str(chunk_size), "nbytes": str(nbytes), "strips": [range_json(strip) for strip in strips]}
            for chunk_size, nbytes, strips in fmap.extents
        ]
    return {
        "fileType": fmap.file_type,
        "fileSize": str(fmap.file_size),
        "devBitmap": str(fmap.dev_bitmap),
        "extType": name,
        "extents": extents,
    }


def resolved(devindex, offset, length):
    return {"devindex": str(devindex), "offset": str(offset & U64), "length": str(length & U64)}


def resolve(profile, fmap, offset, want):
    """Where the file's byte `offset` lies, and how many of the `want` bytes follow it there. Of interleaved extents in v4
    it is not known: they are clipped by a variable that was never set."""
    local, want = s64(offset), s64(want)
    if fmap.ext_type == SIMPLE:
        for devindex, start, length in fmap.extents:
            if local < s64(length) if profile.walks_signed else local & U64 < length:
                return resolved(devindex, start + local, min(want, s64(length - local)))
            local = s64(local - length)
        return profile.nowhere
    for chunk_size, nbytes, strips in fmap.extents:
        ext_size = min(nbytes, fmap.file_size)
        if ext_size == 0:
            break
        if local & U64 >= ext_size:
            local = s64(local - ext_size)
            continue
        if chunk_size == 0:
            return {"errno": "EIO"}  # the kernel divides by zero here
        chunk_num, chunk_offset = divmod(local & U64, chunk_size)
        stripe_num, strip_num = divmod(chunk_num, len(strips))
        devindex, start, _ = strips[strip_num]  # its length is never consulted
        return resolved(devindex, start + stripe_num * chunk_size + chunk_offset, min(want, chunk_size - chunk_offset))
    return profile.nowhere
