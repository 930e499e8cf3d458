#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs test vectors against fmap.py: vectors.py FILE... Exit status 1 where it differs, 2 where there is nothing to
run. To test another parser, replace verdict()."""
import json
import sys

from fmap import PROFILES, Reject, map_json, parse


def verdict(profile, msg):
    """The errno's name and no map, or "accept" and the map as the vectors have it."""
    try:
        return "accept", map_json(parse(PROFILES[profile], msg))
    except Reject as reject:
        return reject.args[0], None


def expected(test):
    """The verdicts that are right; "accept" comes with the map."""
    if test["result"] == "acceptable":
        return test["allowed"]
    return ["accept"] if test["result"] == "valid" else [test["errno"]]


def run(path):
    """Prints each difference of a file and a summary; returns how many there are."""
    with open(path, encoding="utf-8") as file:
        vectors = json.load(file)
    tests = failed = 0
    for group in vectors["testGroups"]:
        for test in group["tests"]:
            tests += 1
            said, found = verdict(group["profile"], bytes.fromhex(test["msg"]))
            right = expected(test)
            if said not in right:
                print(f"{path}: tcId {test['tcId']} {test['id']}: expected {' or '.join(right)}, got {said}")
                failed += 1
            elif said == "accept" and found != test["map"]:
                print(f"{path}: tcId {test['tcId']} {test['id']}: another map: {json.dumps(found)}")
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
