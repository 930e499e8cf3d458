#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A complete GET_FMAP parser and resolver behind the NDJSON protocol: what the kernel of RFC v2 (profile rfc-v2)
does, bug for bug. To test another parser, replace parse() and resolve() and keep the rest."""
import json
import struct
import sys

PROFILE = "rfc-v2"
MAX_EXTENTS = 32
MAX_STRIPS = 32
ALIGN = 2 << 20  # a huge page on x86-64
SIMPLE, INTERLEAVED = 0, 1
U64 = (1 << 64) - 1

# Little-endian, without padding. What no kernel of this revision reads is skipped with x.
HEADER = struct.Struct("<B3xIIxxxxQ8x")  # file_type, ext_type, nextents, file_size
IEXT = struct.Struct("<IIQ8x")  # nstrips, chunk_size, nbytes
RANGE = struct.Struct("<I4xQQ")  # devindex, offset, length: a simple extent or a strip


class Reject(Exception):
    """The message is refused; the argument is the errno's name."""


def s64(value):
    """The same 64 bits as a signed number, which is what the kernel's loff_t holds."""
    value &= U64
    return value - (1 << 64) if value >> 63 else value


def read_ranges(msg, at, n):
    end = at + n * RANGE.size
    if end > len(msg):
        raise Reject("EINVAL")
    return list(RANGE.iter_unpack(msg[at:end])), end


def parse(msg):
    """Returns (file_type, file_size, ext_type, extents) or raises Reject. A simple extent is (devindex, offset,
    length), an interleaved one is (chunk_size, nbytes, strips). Never looked at: version, file type, reserved
    fields, trailing bytes, chunk size, overlap."""
    if len(msg) < HEADER.size:
        raise Reject("EINVAL")
    file_type, ext_type, nextents, file_size = HEADER.unpack_from(msg)
    if nextents < 1:
        raise Reject("EINVAL")
    if nextents > MAX_EXTENTS:
        raise Reject("E2BIG")  # even if ext_type is unknown
    at = HEADER.size
    errors = 0
    if ext_type == SIMPLE:
        extents, at = read_ranges(msg, at, nextents)
        ranges = extents
    elif ext_type == INTERLEAVED:
        extents, ranges = [], []
        for _ in range(nextents):
            if at + IEXT.size > len(msg):
                raise Reject("EINVAL")
            nstrips, chunk_size, nbytes = IEXT.unpack_from(msg, at)
            if nbytes == 0:
                raise Reject("EINVAL")
            strips, at = read_ranges(msg, at + IEXT.size, nstrips)
            errors += nstrips < 1 or nstrips > MAX_STRIPS
            extents.append((chunk_size, nbytes, strips))
            ranges += strips
    else:
        raise Reject("EINVAL")
    for devindex, offset, length in ranges:
        errors += (devindex != 0) + (offset % ALIGN != 0) + (length % ALIGN != 0)
    total = sum(length for _, _, length in ranges) & U64  # wraps silently, as in the kernel
    # Signed: strips that exceed the file by more than 2^63 bytes look like too few. Simple extents do not.
    if ext_type == INTERLEAVED and s64(file_size - total) > 0:
        raise Reject("EINVAL")
    if errors or total < file_size:
        raise Reject("EINVAL")
    return file_type, file_size, ext_type, extents


def resolved(devindex, offset, length):
    return {"devindex": str(devindex), "offset": str(offset & U64), "length": str(length & U64)}


def resolve(fmap, offset, want):
    """Where the file's byte `offset` lies, and how many of the `want` bytes follow it there."""
    _, file_size, ext_type, extents = fmap
    local, want = s64(offset), s64(want)
    if ext_type == SIMPLE:
        for devindex, start, length in extents:
            if local < s64(length):
                return resolved(devindex, start + local, min(want, s64(length - local)))
            local = s64(local - length)
        return {"length": "0"}
    for chunk_size, nbytes, strips in extents:
        ext_size = min(nbytes, file_size)
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
    return {"length": "0"}  # success with nothing mapped, as this revision does


def range_json(extent):
    return dict(zip(("devindex", "offset", "length"), map(str, extent)))


def map_json(fmap):
    file_type, file_size, ext_type, extents = fmap
    if ext_type == SIMPLE:
        name, items = "simple", [range_json(extent) for extent in extents]
    else:
        name = "interleaved"
        items = [
            {"chunkSize": str(chunk_size), "nbytes": str(nbytes), "strips": [range_json(strip) for strip in strips]}
            for chunk_size, nbytes, strips in extents
        ]
    # Only devindex 0 passes the parser, so bit 0 is all that the bitmap of an accepted map can hold.
    return {"fileType": file_type, "extType": name, "fileSize": str(file_size), "devBitmap": "1", "extents": items}


def answer(request):
    if request["cmd"] == "start":
        implementation = {"name": "fmapspec-python-driver", "version": "1", "language": "python"}
        return {"version": 1, "implementation": implementation}
    seq = request["seq"]
    if request["profile"] != PROFILE:
        return {"seq": seq, "skipped": f"only {PROFILE} is implemented"}
    try:
        fmap = parse(bytes.fromhex(request["hex"]))
    except Reject as reject:
        return {"seq": seq, "verdict": "reject", "errno": reject.args[0]}
    reply = {"seq": seq, "verdict": "accept", "map": map_json(fmap)}
    if "resolve" in request:
        reply["resolved"] = [resolve(fmap, int(offset), int(want)) for offset, want in request["resolve"]]
    return reply


for line in sys.stdin:
    command = json.loads(line)
    if command["cmd"] == "stop":
        break
    print(json.dumps(answer(command), separators=(",", ":")), flush=True)
