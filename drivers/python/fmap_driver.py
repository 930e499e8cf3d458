#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The NDJSON protocol on stdin and stdout. To test another parser, replace parse and resolve, in fmap.py."""
import json
import sys

from fmap import PROFILES, Reject, map_json, parse, resolve


def answer(request):
    if request["cmd"] == "start":
        implementation = {"name": "fmapspec-python-driver", "version": "1", "language": "python"}
        return {"version": 1, "implementation": implementation}
    seq, profile = request["seq"], PROFILES.get(request["profile"])
    if profile is None:
        return {"seq": seq, "skipped": f"{request['profile']} is not implemented"}
    try:
        fmap = parse(profile, bytes.fromhex(request["hex"]))
    except Reject as reject:
        return {"seq": seq, "verdict": "reject", "errno": reject.args[0]}
    reply = {"seq": seq, "verdict": "accept", "map": map_json(fmap)}
    if "resolve" in request and profile.nowhere is not None:
        reply["resolved"] = [resolve(profile, fmap, int(offset), int(want)) for offset, want in request["resolve"]]
    return reply


for line in sys.stdin:
    command = json.loads(line)
    if command["cmd"] == "stop":
        break
    print(json.dumps(answer(command), separators=(",", ":")), flush=True)
