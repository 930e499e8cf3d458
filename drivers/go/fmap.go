// SPDX-License-Identifier: Apache-2.0

// A complete GET_FMAP parser and resolver, with the answers of the kernel of RFC v2 (profile rfc-v2), bug for bug.
package main

import "encoding/binary"

const (
	maxExtents, maxStrips    = 32, 32
	align                    = 2 << 20 // a huge page on x86-64
	headerBytes, recordBytes = 32, 24  // a record: a simple extent, a strip, or an interleaved extent's head
	simple, interleaved      = 0, 1
)

var le = binary.LittleEndian

// A simple extent, a strip, or what a resolution gives.
type extent struct {
	Devindex uint64 `json:"devindex,string"`
	Offset   uint64 `json:"offset,string"`
	Length   uint64 `json:"length,string"`
}

type iext struct {
	ChunkSize uint64   `json:"chunkSize,string"`
	Nbytes    uint64   `json:"nbytes,string"`
	Strips    []extent `json:"strips"`
}

type fmap struct {
	FileType  uint8  `json:"fileType"`
	ExtType   string `json:"extType"`
	FileSize  uint64 `json:"fileSize,string"`
	DevBitmap uint64 `json:"devBitmap,string"`
	Extents   any    `json:"extents"` // []extent or []iext

	rest  []byte // of the message, not yet read
	total uint64 // of all lengths; wraps silently, as in the kernel
	bad   bool   // every fault behind the header is EINVAL, so it does not matter which came first
}

func (m *fmap) record() []byte {
	if len(m.rest) < recordBytes {
		m.bad = true
		return make([]byte, recordBytes)
	}
	record := m.rest[:recordBytes]
	m.rest = m.rest[recordBytes:]
	return record
}

func (m *fmap) readExtents(n uint32) (list []extent) {
	for ; n > 0 && !m.bad; n-- {
		record := m.record()
		e := extent{uint64(le.Uint32(record)), le.Uint64(record[8:]), le.Uint64(record[16:])}
		m.bad = m.bad || e.Devindex != 0 || e.Offset%align != 0 || e.Length%align != 0
		m.DevBitmap |= 1 << e.Devindex // Go gives 0 for a shift of 64 and more
		m.total += e.Length
		list = append(list, e)
	}
	return list
}

// Never looked at: version, file type, reserved fields, trailing bytes, chunk size, overlap.
func parse(msg []byte) (m *fmap, errno string) {
	if len(msg) < headerBytes {
		return nil, "EINVAL"
	}
	count := le.Uint32(msg[8:])
	if count > maxExtents { // even if the extent type is unknown
		return nil, "E2BIG"
	}
	m = &fmap{FileType: msg[0], FileSize: le.Uint64(msg[16:]), rest: msg[headerBytes:], bad: count < 1}
	switch le.Uint32(msg[4:]) {
	case simple:
		m.ExtType, m.Extents = "simple", m.readExtents(count)
	case interleaved:
		list := make([]iext, count)
		for i := range list {
			head := m.record()
			nstrips, chunkSize, nbytes := le.Uint32(head), uint64(le.Uint32(head[4:])), le.Uint64(head[8:])
			m.bad = m.bad || nbytes == 0 || nstrips < 1 || nstrips > maxStrips
			list[i] = iext{chunkSize, nbytes, m.readExtents(nstrips)}
		}
		m.ExtType, m.Extents = "interleaved", list
		// Signed: strips that exceed the file by more than 2^63 bytes look like too few.
		m.bad = m.bad || int64(m.FileSize-m.total) > 0
	default:
		m.bad = true
	}
	if m.bad || m.total < m.FileSize {
		return nil, "EINVAL"
	}
	return m, ""
}

// The kernel compares lengths as loff_t, which is signed.
func min(a, b uint64) uint64 {
	if int64(a) < int64(b) {
		return a
	}
	return b
}

// Where the file's byte local lies, and how many of the want bytes follow it there.
func (m *fmap) resolve(local, want uint64) any {
	list, _ := m.Extents.([]extent)
	for _, e := range list {
		if int64(local) < int64(e.Length) {
			return extent{e.Devindex, e.Offset + local, min(want, e.Length-local)}
		}
		local -= e.Length
	}
	iexts, _ := m.Extents.([]iext)
	for _, x := range iexts {
		extSize := x.Nbytes
		if m.FileSize < extSize {
			extSize = m.FileSize
		}
		if extSize == 0 {
			break
		}
		if local >= extSize {
			local -= extSize
			continue
		}
		if x.ChunkSize == 0 { // the kernel divides by zero here
			return map[string]string{"errno": "EIO"}
		}
		chunkNum, chunkOffset, nstrips := local/x.ChunkSize, local%x.ChunkSize, uint64(len(x.Strips))
		stripeNum, strip := chunkNum/nstrips, x.Strips[chunkNum%nstrips] // the strip's length is never consulted
		offset := strip.Offset + chunkOffset + stripeNum*x.ChunkSize
		return extent{strip.Devindex, offset, min(want, x.ChunkSize-chunkOffset)}
	}
	return map[string]string{"length": "0"} // success with nothing mapped, as this revision does
}
