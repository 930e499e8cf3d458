#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs test vectors against fmap.py: vectors.py FILE... Exit status 1 where it differs, 2 where there is nothing to
run. To test another parser, replace verdict(); without a resolver, give no resolutions."""
import json
import sys

from fmap import PROFILES, Reject, map_json, parse, resolve


def verdict(profile, msg, asked):
    """The errno's name alone, or "accept" with the map and the resolutions of what is asked, as the vectors have them."""
    try:
        fmap = parse(profile, msg)
    except Reject as reject:
        return reject.args[0], None, None
    resolved = [resolve(profile, fmap, int(offset), int(want)) for offset, want in asked]
    return "accept", map_json(fmap), resolved


def expected(test):
    """The verdicts that are right; "accept" comes with the map."""
    if test["result"] == "acceptable":
        return test["allowed"]
    return ["accept"] if test["result"] == "valid" else [test["errno"]]


def difference(profile, test):
    """What is wrong with the parser's answer; None: nothing."""
    said, found, resolved = verdict(profile, bytes.fromhex(test["msg"]), test.get("resolve", []))
    right = expected(test)
    if said not in right:
        return f"expected {' or '.join(right)}, got {said}"
    if said == "accept" and found != test["map"]:
        return f"another map: {json.dumps(found)}"
    if said == "accept" and resolved != test.get("resolved", []):
        return f"another resolution: {json.dumps(resolved)}"
    return None


def run(path):
    """Prints each difference of a file and a summary; returns how many there are."""
    with open(path, encoding="utf-8") as file:
        vectors = json.load(file)
    tests = failed = 0
    for group in vectors["testGroups"]:
        for test in group["tests"]:
            tests += 1
            wrong = difference(PROFILES[group["profile"]], test)
            if wrong:
                print(f"{path}: tcId {test['tcId']} {test['id']}: {wrong}")
                failed += 1
    if tests != vectors["numberOfTests"]:
        print(f"{path}: numberOfTests is {vectors['numberOfTests']}, and there are {tests}")
        failed += 1
    print(f"{path}: {tests} vectors, {failed} differ")
    return failed


if len(sys.argv) < 2:
    print("usage: vectors.py FILE...", file=sys.stderr)
    sys.exit(2)
try:
    sys.exit(1 if sum(map(run, sys.argv[1:])) else 0)
except (OSError, ValueError, KeyError) as error:
    print(f"vectors.py: these are no vectors: {error!r}", file=sys.stderr)
    sys.exit(2)
