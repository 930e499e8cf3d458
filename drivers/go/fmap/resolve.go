// SPDX-License-Identifier: Apache-2.0

package fmap

// The kernel compares lengths as loff_t, which is signed.
func min(a, b uint64) uint64 {
	if int64(a) < int64(b) {
		return a
	}
	return b
}

// Resolve tells where the file's byte local lies in rfc-v2 and v3, and how many of the want bytes follow it there.
func (m *Map) Resolve(local, want uint64) any {
	for _, e := range m.Extents {
		if int64(local) < int64(e.Length) {
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
	return map[string]string{"length": "0"} // success with nothing mapped, as these revisions do
}
