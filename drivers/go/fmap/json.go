// SPDX-License-Identifier: Apache-2.0

package fmap

import "encoding/json"

// MarshalJSON writes the map as the NDJSON protocol and the vectors have it: u64 as decimal strings.
func (m *Map) MarshalJSON() ([]byte, error) {
	extType, extents := "simple", any(m.Extents)
	if m.Iexts != nil {
		extType, extents = "interleaved", any(m.Iexts)
	}
	return json.Marshal(struct {
		FileType  uint8  `json:"fileType"`
		FileSize  uint64 `json:"fileSize,string"`
		DevBitmap uint64 `json:"devBitmap,string"`
		ExtType   string `json:"extType"`
		Extents   any    `json:"extents"`
	}{m.FileType, m.FileSize, m.DevBitmap, extType, extents})
}
