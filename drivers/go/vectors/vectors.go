// SPDX-License-Identifier: Apache-2.0

// Runs test vectors against package fmap: vectors FILE... Exit status 1 where it differs, 2 where there is nothing to
// run. To test another parser, replace verdict; without a resolver, take Resolve out of what is read.
package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"

	"fmap_driver/fmap"
)

type vector struct {
	TcId                   int
	Id, Msg, Result, Errno string
	Allowed                []string
	Map, Resolved          json.RawMessage
	Resolve                [][2]string
}

type vectorFile struct {
	NumberOfTests int
	TestGroups    []struct {
		Profile string
		Tests   []vector
	}
}

// The errno's name alone, or "accept" with the map and the resolutions of what is asked, as the vectors have them.
func verdict(profile *fmap.Profile, msg []byte, asked [][2]string) (said string, found, resolved []byte) {
	m, errno := fmap.Parse(profile, msg)
	if m == nil {
		return errno, nil, nil
	}
	places := []any{}
	for _, pair := range asked {
		offset, _ := strconv.ParseUint(pair[0], 10, 64)
		want, _ := strconv.ParseUint(pair[1], 10, 64)
		places = append(places, m.Resolve(profile, offset, want))
	}
	found, _ = json.Marshal(m)
	resolved, _ = json.Marshal(places)
	return "accept", found, resolved
}

// The verdicts that are right; "accept" comes with the map.
func (v *vector) expected() []string {
	switch v.Result {
	case "valid":
		return []string{"accept"}
	case "invalid":
		return []string{v.Errno}
	}
	return v.Allowed
}

// What is wrong with the parser's answer; "": nothing.
func (v *vector) difference(profile *fmap.Profile) string {
	msg, err := hex.DecodeString(v.Msg)
	if err != nil {
		return err.Error()
	}
	said, found, resolved := verdict(profile, msg, v.Resolve)
	right := false
	for _, one := range v.expected() {
		right = right || one == said
	}
	switch {
	case !right:
		return "expected " + strings.Join(v.expected(), " or ") + ", got " + said
	case said == "accept" && !sameJSON(found, v.Map):
		return "another map: " + string(found)
	case said == "accept" && v.Resolve != nil && !sameJSON(resolved, v.Resolved):
		return "another resolution: " + string(resolved)
	}
	return ""
}

func sameJSON(a, b []byte) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// Prints each difference of a file and a summary, and tells how many there are.
func run(path string) (failed int, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	var file vectorFile
	if err := json.Unmarshal(text, &file); err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	if file.TestGroups == nil {
		return 0, fmt.Errorf("%s: these are no vectors", path)
	}
	tests := 0
	for _, group := range file.TestGroups {
		profile := fmap.Profiles[group.Profile]
		if profile == nil {
			return 0, fmt.Errorf("%s: there is no profile '%s'", path, group.Profile)
		}
		for _, v := range group.Tests {
			tests++
			if wrong := v.difference(profile); wrong != "" {
				fmt.Printf("%s: tcId %d %s: %s\n", path, v.TcId, v.Id, wrong)
				failed++
			}
		}
	}
	if tests != file.NumberOfTests {
		fmt.Printf("%s: numberOfTests is %d, and there are %d\n", path, file.NumberOfTests, tests)
		failed++
	}
	fmt.Printf("%s: %d vectors, %d differ\n", path, tests, failed)
	return failed, nil
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: vectors FILE...")
		os.Exit(2)
	}
	status := 0
	for _, path := range os.Args[1:] {
		failed, err := run(path)
		if err != nil {
			fmt.Fprintln(os.Stderr, "vectors:", err)
			os.Exit(2)
		}
		if failed > 0 {
			status = 1
		}
	}
	os.Exit(status)
}
