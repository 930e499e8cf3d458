// SPDX-License-Identifier: Apache-2.0

// The NDJSON protocol on stdin and stdout. To test another parser, replace parse and resolve, in fmap.go.
package main

import (
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"os"
	"strconv"
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
	if req.Profile != "rfc-v2" {
		return map[string]any{"seq": req.Seq, "skipped": "only rfc-v2 is implemented"}
	}
	msg, err := hex.DecodeString(req.Hex)
	if err != nil {
		log.Fatal(err)
	}
	m, errno := parse(msg)
	if m == nil {
		return map[string]any{"seq": req.Seq, "verdict": "reject", "errno": errno}
	}
	reply := map[string]any{"seq": req.Seq, "verdict": "accept", "map": m}
	if req.Resolve != nil {
		resolved := []any{}
		for _, pair := range req.Resolve {
			local, _ := strconv.ParseUint(pair[0], 10, 64)
			want, _ := strconv.ParseUint(pair[1], 10, 64)
			resolved = append(resolved, m.resolve(local, want))
		}
		reply["resolved"] = resolved
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
