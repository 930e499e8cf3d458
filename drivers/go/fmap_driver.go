// SPDX-License-Identifier: Apache-2.0

// The NDJSON protocol on stdin and stdout. To test another parser, replace Parse and Resolve, in fmap/.
package main

import (
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"os"
	"strconv"

	"fmap_driver/fmap"
)

type request struct {
	Cmd, Profile, Hex string
	Seq               json.RawMessage
	Resolve           [][2]string
}

func answer(req request) any {
	if req.Cmd == "start" {
		name := map[string]string{"name": "fmapspec-go-driver", "version": "1", "language": "go"}
		return map[string]any{"version": 1, "implementation": name}
	}
	profile := fmap.Profiles[req.Profile]
	if profile == nil {
		return map[string]any{"seq": req.Seq, "skipped": req.Profile + " is not implemented"}
	}
	msg, err := hex.DecodeString(req.Hex)
	if err != nil {
		log.Fatal(err)
	}
	m, errno := fmap.Parse(profile, msg)
	if m == nil {
		return map[string]any{"seq": req.Seq, "verdict": "reject", "errno": errno}
	}
	reply := map[string]any{"seq": req.Seq, "verdict": "accept", "map": m}
	if req.Resolve != nil && profile.Resolves() {
		places := []any{}
		for _, pair := range req.Resolve {
			local, _ := strconv.ParseUint(pair[0], 10, 64)
			want, _ := strconv.ParseUint(pair[1], 10, 64)
			places = append(places, m.Resolve(profile, local, want))
		}
		reply["resolved"] = places
	}
	return reply
}

func main() {
	requests, replies := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout) // unbuffered: a reply is never held back
	for {
		var req request
		if err := requests.Decode(&req); err == io.EOF || req.Cmd == "stop" {
			return
		} else if err != nil {
			log.Fatal(err)
		}
		if err := replies.Encode(answer(req)); err != nil {
			log.Fatal(err)
		}
	}
}
