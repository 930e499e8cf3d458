// SPDX-License-Identifier: Apache-2.0

package fmap

// What differs from one kernel revision to another.
type Profile struct {
	maxExtents, maxStrips uint32 // noLimit: there is none, or it is not known
	none, many            string // the errnos of a message without extents, and of one with more than maxExtents
	interleaves           bool
	chunkSize             func(uint32) bool
	align                 uint64 // of offsets and lengths
	devices               uint64
	walksSigned           bool    // offsets and lengths are compared as s64
	nowhere               nowhere // what resolving nothing gives
	checked               bool    // sums must not overflow, sizes must fit s64, and strips hold what falls on them
}

const (
	noLimit = 1<<32 - 1
	mib2    = 2 << 20 // a huge page on x86-64
)

type nowhere int

const (
	unknown nowhere = iota // no source gives the resolver
	success                // of zero bytes
	eio
)

func anyChunk(uint32) bool          { return true }
func alignedChunk(size uint32) bool { return size%mib2 == 0 } // 0 too
func twoChunks(size uint32) bool    { return size == 4096 || size == mib2 }

// Profiles by their names.
var Profiles = map[string]*Profile{
	"rfc-v1":      {2, 16, "EINVAL", "E2BIG", true, anyChunk, mib2, 1, true, unknown, false},
	"rfc-v2":      {32, 32, "EINVAL", "E2BIG", true, anyChunk, mib2, 1, true, success, false},
	"v3":          {32, 32, "EINVAL", "E2BIG", true, anyChunk, mib2, 1, true, success, false},
	"v4":          {32, 32, "EINVAL", "E2BIG", true, anyChunk, mib2, 1, true, eio, false},
	"v7":          {32, 32, "EINVAL", "E2BIG", true, alignedChunk, mib2, 1, true, eio, false},
	"v10":         {32, 32, "ERANGE", "ERANGE", true, alignedChunk, mib2, 1, true, eio, false},
	"simple-only": {noLimit, noLimit, "ERANGE", "", false, nil, mib2, 1, false, eio, false},
	"dual-ext":    {noLimit, noLimit, "ERANGE", "", true, twoChunks, 4096, 64, false, unknown, true},
}
