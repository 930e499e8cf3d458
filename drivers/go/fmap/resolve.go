// SPDX-License-Identifier: Apache-2.0

package fmap

// The kernel compares lengths as loff_t, which is signed.
func min(a, b uint64) uint64 {
	if int64(a) < int64(b) {
		return a
	}
	return b
}

// Resolves tells whether sources give what the profile's resolver does.
func (p *Profile) Resolves() bool { return p.nowhere != unknown }

func (p *Profile) nothing() any {
	if p.nowhere == eio {
		return map[string]string{"errno": "EIO"}
	}
	return map[string]string{"length": "0"}
}

func (p *Profile) less(local, length uint64) bool {
	if p.walksSigned {
		return int64(local) < int64(length)
	}
	return local < length
}

// Resolve tells where the file's byte local lies, and how many of the want bytes follow it there. Of interleaved
// extents in v4 it is not known: they are clipped by a variable that was never set.
func (m *Map) Resolve(p *Profile, local, want uint64) any {
	for _, e := range m.Extents {
		if p.less(local, e.Length) {
			return Extent{e.Devindex, e.Offset + local, min(want, e.Length-local)}
		}
		local -= e.Length
	}
	for _, x := range m.Iexts {
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
		return Extent{strip.Devindex, offset, min(want, x.ChunkSize-chunkOffset)}
	}
	return p.nothing()
}
