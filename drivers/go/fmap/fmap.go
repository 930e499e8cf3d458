// SPDX-License-Identifier: Apache-2.0

// Package fmap is a complete GET_FMAP parser and resolver: what the kernel of each revision does with a message, bug
// for bug.
package fmap

import (
	"encoding/binary"
	"math"
)

const (
	headerBytes, recordBytes = 32, 24  // a record: a simple extent, a strip, or an interleaved extent's head
	kernelRange, kernelIext  = 24, 32  // bytes of a range and of an interleaved extent in the kernel's own lists
	maxAllocation            = 4 << 20 // of kmalloc
	simple, interleaved      = 0, 1
)

var le = binary.LittleEndian

// Extent is a simple extent, a strip, or what a resolution gives.
type Extent struct {
	Devindex uint64 `json:"devindex,string"`
	Offset   uint64 `json:"offset,string"`
	Length   uint64 `json:"length,string"`
}

// Iext is an interleaved extent.
type Iext struct {
	ChunkSize uint64   `json:"chunkSize,string"`
	Nbytes    uint64   `json:"nbytes,string"`
	Strips    []Extent `json:"strips"`
}

// Map is the map of a file; one of its lists is nil.
type Map struct {
	FileType            uint8
	FileSize, DevBitmap uint64
	Extents             []Extent
	Iexts               []Iext
}

// What is read so far; its methods give an errno's name, or "".
type reader struct {
	*Profile
	rest             []byte // of the message, not yet read
	total, devBitmap uint64 // the total of all lengths wraps silently, where it is not checked
	bad              bool   // faults that do not stop the parse
}

func (r *reader) take(n uint64) []byte {
	if uint64(len(r.rest)) < n*recordBytes {
		return nil
	}
	records := r.rest[:n*recordBytes]
	r.rest = r.rest[n*recordBytes:]
	return records
}

func (r *reader) extents(n uint32) (list []Extent, errno string) {
	records := r.take(uint64(n))
	if records == nil {
		return nil, "EINVAL"
	}
	if uint64(n)*kernelRange > maxAllocation {
		return nil, "ENOMEM"
	}
	list = make([]Extent, n)
	for i := range list {
		record := records[i*recordBytes:]
		e := Extent{uint64(le.Uint32(record)), le.Uint64(record[8:]), le.Uint64(record[16:])}
		r.bad = r.bad || e.Devindex >= r.devices || e.Offset%r.align != 0 || e.Length%r.align != 0
		if r.checked && (e.Offset+e.Length < e.Length || r.total+e.Length < e.Length) {
			return nil, "EINVAL"
		}
		r.devBitmap |= 1 << e.Devindex // Go gives 0 for a shift of 64 and more
		r.total += e.Length
		list[i] = e
	}
	return list, ""
}

func (r *reader) iext() (x Iext, errno string) {
	head := r.take(1)
	if head == nil {
		return x, "EINVAL"
	}
	nstrips, chunkSize, nbytes := le.Uint32(head), le.Uint32(head[4:]), le.Uint64(head[8:])
	if !r.chunkSize(chunkSize) || nbytes == 0 || r.checked && (nbytes > math.MaxInt64 || nstrips < 1) {
		return x, "EINVAL"
	}
	r.bad = r.bad || nstrips < 1 || nstrips > r.maxStrips // and still they are read
	x.ChunkSize, x.Nbytes = uint64(chunkSize), nbytes
	if x.Strips, errno = r.extents(nstrips); errno == "" && r.checked && !x.stripsHold() {
		errno = "EINVAL"
	}
	return x, errno
}

// Whether each strip is long enough for the chunks that fall on it, of which the last may be short.
func (x *Iext) stripsHold() bool {
	nstrips, chunks := uint64(len(x.Strips)), x.Nbytes/x.ChunkSize
	for i, strip := range x.Strips {
		needed := chunks / nstrips * x.ChunkSize
		if left := chunks % nstrips; uint64(i) < left {
			needed += x.ChunkSize
		} else if uint64(i) == left {
			needed += x.Nbytes % x.ChunkSize
		}
		if strip.Length < needed {
			return false
		}
	}
	return true
}

// Parse gives the message's map, or the errno's name. Never looked at: version, file type, reserved fields, trailing
// bytes, overlap.
func Parse(p *Profile, msg []byte) (m *Map, errno string) {
	if len(msg) < headerBytes {
		return nil, "EINVAL"
	}
	extType, count, fileSize := le.Uint32(msg[4:]), le.Uint32(msg[8:]), le.Uint64(msg[16:])
	switch {
	case count < 1:
		return nil, p.none
	case count > p.maxExtents: // even if the extent type is unknown
		return nil, p.many
	case p.checked && fileSize > math.MaxInt64:
		return nil, "EINVAL"
	}
	m, r := &Map{FileType: msg[0], FileSize: fileSize}, &reader{Profile: p, rest: msg[headerBytes:]}
	switch {
	case extType == simple:
		m.Extents, errno = r.extents(count)
	case extType == interleaved && p.interleaves:
		m.Iexts, errno = r.iexts(count, fileSize)
	default:
		errno = "EINVAL"
	}
	if errno == "" && (r.bad || r.total < fileSize) {
		errno = "EINVAL"
	}
	if errno != "" {
		return nil, errno
	}
	m.DevBitmap = r.devBitmap
	return m, ""
}

func (r *reader) iexts(count uint32, fileSize uint64) (list []Iext, errno string) {
	if uint64(count)*kernelIext > maxAllocation { // before the bytes are known to be there
		return nil, "ENOMEM"
	}
	var served uint64 // cannot overflow where it is checked: the strips could not hold it
	for ; count > 0; count-- {
		x, errno := r.iext()
		if errno != "" {
			return nil, errno
		}
		served += x.Nbytes
		list = append(list, x)
	}
	// Signed: strips that exceed the file by more than 2^63 bytes look like too few. Simple extents do not.
	if r.checked && served < fileSize || !r.checked && int64(fileSize-r.total) > 0 {
		return nil, "EINVAL"
	}
	return list, ""
}
