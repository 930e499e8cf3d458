import type { SchemaName } from "../schemas/index.ts";

const map = {
  fileType: 0,
  extType: "simple",
  fileSize: "2097152",
  devBitmap: "1",
  extents: [{ devindex: "0", offset: "0", length: "2097152" }],
};
const stripedMap = {
  fileType: 0,
  extType: "interleaved",
  fileSize: "1",
  devBitmap: "1",
  extents: [{ chunkSize: "2097152", nbytes: "1", strips: map.extents }],
};
const hazards = [{ rule: "hazard/devindex-shift", offset: 32, count: 1 }];
const accept = { verdict: "accept", map, hazards: [] };
const reject = { verdict: "reject", errno: "E2BIG", rule: "fmap/header/nextents-limit", offset: 8, hazards };
const judged = { profile: "rfc-v2", message: "00ff" };

const decodedHeader = {
  file_type: "0",
  reserved: "0",
  fmap_version: "1",
  ext_type: "0",
  nextents: "1",
  reserved0: "0",
  fmap_size: "32",
  file_size: "18446744073709551615",
  reserved1: "0",
};
const decodedRange = { devindex: "0", offset: "0", length: "1" };
const decoded = {
  header: decodedHeader,
  extents: [decodedRange, { nstrips: "1", chunkSize: "0", nbytes: "0", strips: [decodedRange] }],
  rest: "00ff",
};
const versions = { fmapspec: "0.1.0", fastCheck: "4.10.2", node: "20.20.0" };

const counterexample = {
  format: "fmapspec-counterexample",
  version: 1,
  profile: "rfc-v2",
  rule: "fmap/header/nextents-limit",
  kind: "verdict",
  message: "00ff",
  decoded,
  failAllocation: 1,
  scene: "again",
  resolve: [["0", "4096"]],
  expected: reject,
  expectedText: "E2BIG",
  actual: "0",
  subject: { kind: "driver", protocol: "frames", command: ["./driver", "--fast"] },
  seed: -7,
  recipe: [0, 1],
  versions,
  repeats: { tries: 3, failed: 1 },
};

const vector = {
  tcId: 1,
  id: "fmap/map/simple/one",
  comment: "why",
  flags: ["Boundary"],
  rules: ["fmap/map/simple"],
  msg: "00ff",
  hazards,
};

const rule = { rule: "fmap/header/underflow", outcome: "passed", messages: 3, failed: 0, reason: "none" };
const finding = { rule: "hazard/strips-leak", what: "a leak", predicted: true, messages: 2, counterexample };

const session = {
  format: "fmapspec-session",
  version: 1,
  profile: "rfc-v2",
  seed: -7,
  rule: "daemon/fmap/stable-again",
  detail: "why",
  repeats: { tries: 3, failed: 3 },
  versions,
  subject: { command: ["./daemon", "{mountpoint}"], channel: "stream", via: "fusermount", user: "nobody" },
  files: [{ path: "/a", size: "18446744073709551615", fmap: "00ff" }],
  steps: [{ kind: "lookup", path: "/a" }, { kind: "together", paths: ["/a", "/a"] }, { kind: "end" }],
  transcript: [
    { from: "kernel", opcode: "LOOKUP", bytes: "00" },
    { from: "daemon", opcode: null, bytes: "" },
  ],
};

const daemon = { command: ["./daemon", "{mountpoint}"], channel: "auto", via: "direct" };

const requirement = {
  format: "fmapspec-requirement-failure",
  version: 1,
  profile: "rfc-v2",
  seed: 1,
  rule: "daemon/reply/answered",
  detail: "no answer",
  decoded: {},
  subject: daemon,
  options: { level: "quick", timeout: 1 },
  versions,
};

/** Documents that fit each schema, every alternative and every optional property at least once. */
const parserRun = {
  runs: 10,
  filter: ["fmap/*"],
  strict: true,
  failFast: false,
  timeout: 5000,
  shard: { i: 1, n: 2 },
};

const parserState = {
  position: 9,
  seconds: 0.5,
  breakdowns: 0,
  ended: "interrupted",
  notes: ["a note"],
  unable: { "resolve/simple": "why" },
  ledger: {
    messages: 3,
    skipped: 0,
    untold: 0,
    counts: { "fmap/map/simple": 3 },
    pairs: "0001",
    failures: [
      {
        position: 1,
        messages: 2,
        rule: "fmap/map/simple",
        first: "fmap/map/simple",
        kind: "resolution",
        actual: "EIO",
        expectedText: "another",
        shown: true,
        repeats: { tries: 3, failed: 3 },
        message: "00ff",
        failAllocation: 1,
        scene: "plain",
        resolve: [["0", "4096"]],
        recipe: [1, 2],
      },
    ],
    others: [{ rule: "fmap/map/simple", kind: "verdict", actual: "EIO", messages: 1 }],
    findings: [{ position: 2, messages: 1, rule: null, what: "what", message: "", recipe: null }],
  },
};

const tally = {
  counts: { "daemon/fmap/accepted": 1 },
  failed: { "daemon/fmap/accepted": 1 },
  failures: [{ rule: "daemon/fmap/accepted", detail: "why", path: "/a", position: 3 }],
  excused: { "daemon/fmap/stable-again": "why" },
};

const daemonState = {
  position: 4,
  seconds: 0.5,
  complete: false,
  channel: "packet",
  tree: { nodes: 3, files: 2, mapped: 1 },
  notes: ["a note"],
  shared: tally,
  split: tally,
  session: { index: 2, stored: session },
};

export const DOCUMENTS: Readonly<Record<SchemaName, readonly unknown[]>> = {
  message: [
    { header: { file_size: "0" }, extents: [] },
    {
      header: {
        file_type: 255,
        reserved: 0,
        fmap_version: 65_535,
        ext_type: 0,
        nextents: 4_294_967_295,
        reserved0: 0,
        file_size: "18446744073709551615",
        reserved1: "0",
      },
      extents: [
        { se_devindex: 0, reserved: 0, se_offset: "0", se_len: "0" },
        {
          ie_nstrips: 1,
          ie_chunk_size: 0,
          ie_nbytes: "0",
          reserved: "0",
          strips: [{ se_offset: "0", se_len: "0" }],
        },
      ],
      trailing: "00ff",
    },
  ],
  verdict: [
    { ...judged, verdict: accept },
    { ...judged, verdict: { verdict: "accept", map: stripedMap, hazards } },
    { ...judged, verdict: reject },
    {
      ...judged,
      verdict: {
        verdict: "unspecified",
        rule: "fmap/interleaved/nstrips-limit",
        offset: 32,
        reason: "open",
        hazards,
      },
    },
  ],
  "driver-request": [
    { cmd: "start", version: 1 },
    { cmd: "parse", seq: 0, profile: "rfc-v2", hex: "" },
    { cmd: "parse", seq: 7, profile: "rfc-v2", hex: "00ff", resolve: [["0", "4096"]] },
    { cmd: "stop" },
  ],
  "driver-started": [
    { version: 1, implementation: { name: "mine" } },
    { version: 1, implementation: { name: "mine", version: "1", language: "C" } },
  ],
  "driver-reply": [
    { seq: 1, verdict: "accept" },
    {
      seq: 1,
      verdict: "accept",
      map: stripedMap,
      resolved: [...map.extents, { length: "0" }, { errno: "EIO" }],
    },
    { seq: 1, verdict: "reject", errno: "EINVAL" },
    { seq: 1, skipped: "not this one" },
  ],
  counterexample: [
    counterexample,
    { ...counterexample, subject: { kind: "kernel-source", path: "famfs.c", cc: "gcc" }, expected: accept },
    { ...counterexample, subject: { kind: "embedded" } },
  ],
  report: [
    {
      format: "fmapspec-report",
      version: 1,
      fmapspec: "0.1.0",
      suite: "parser",
      profile: "rfc-v2",
      level: "quick",
      seed: 1,
      run: parserRun,
      subject: { kind: "embedded" },
      implementation: "the oracle",
      complete: true,
      passed: false,
      seconds: 0.5,
      messages: 3,
      rules: [rule],
      counterexamples: [counterexample],
      findings: [finding, { rule: null, what: "something", predicted: false, messages: 1 }],
      boundaries: { classes: 4, hit: 3, pairs: 6, pairsHit: 2, missed: ["one, then another"] },
      notes: ["a note"],
      state: parserState,
      digest: "0".repeat(64),
    },
  ],
  journal: [
    {
      format: "fmapspec-journal",
      version: 1,
      suite: "parser",
      fmapspec: "0.1.0",
      profile: "rfc-v2",
      level: "soak",
      seed: 1,
      run: { ...parserRun, runs: null, shard: null },
      subject: { kind: "embedded" },
      implementation: "the oracle",
      state: parserState,
      digest: "0".repeat(64),
    },
    {
      format: "fmapspec-journal",
      version: 1,
      suite: "daemon",
      fmapspec: "0.1.0",
      profile: "rfc-v2",
      level: "soak",
      seed: 1,
      run: { timeout: 5000, expect: null, shard: { i: 1, n: 2 } },
      subject: daemon,
      state: daemonState,
      digest: "0".repeat(64),
    },
  ],
  manifest: [
    { format: "fmapspec-manifest", version: 1, daxdevs: [], files: [] },
    {
      format: "fmapspec-manifest",
      version: 1,
      daxdevs: [
        { index: 0, name: "/dev/dax0.0" },
        { index: 65_535, name: "/dev/dax1.0", size: "18446744073709551615" },
      ],
      files: [
        { path: "/a", fileSize: "1", fileType: 2, extents: map.extents },
        { path: "/b", fileSize: "1", extents: stripedMap.extents },
      ],
      directories: ["/d"],
      symlinks: [{ path: "/s", target: "a" }],
    },
  ],
  "daemon-report": [
    {
      format: "fmapspec-daemon-report",
      version: 1,
      fmapspec: "0.1.0",
      profile: "rfc-v2",
      level: "full",
      seed: 1,
      run: { timeout: 5000, expect: "0".repeat(64), shard: null },
      subject: daemon,
      channel: "seqpacket",
      complete: true,
      passed: false,
      seconds: 0.5,
      tree: { nodes: 3, files: 2, mapped: 1 },
      rules: [rule],
      failures: [
        { rule: "daemon/fmap/accepted", detail: "why", path: "/a", request: "00", reply: "ff" },
        { rule: "daemon/reply/answered", detail: "why" },
      ],
      session,
      notes: ["a note"],
      state: { ...daemonState, session: null },
      digest: "0".repeat(64),
    },
  ],
  session: [session],
  "requirement-failure": [
    {
      ...requirement,
      path: "/a",
      request: "00",
      reply: "ff",
      decoded: {
        request: { len: 48, unique: "2", opcode: "GETATTR", nodeid: "1" },
        reply: { len: 16, unique: "2", error: "EIO" },
        message: decoded,
      },
      options: {
        level: "full",
        timeout: 5000,
        expect: { format: "fmapspec-manifest", version: 1, daxdevs: [], files: [] },
      },
    },
    requirement,
  ],
  certificate: [
    {
      format: "fmapspec-certificate",
      version: 1,
      fmapspec: "0.1.0",
      rulesDigest: "0".repeat(64),
      profile: "rfc-v2",
      level: "quick",
      seed: -1,
      date: "2026-01-02T03:04:05Z",
      subject: { ...daemon, user: "nobody" },
      executable: { path: "/usr/bin/daemon", sha256: "f".repeat(64) },
      requirements: [
        { rule: "daemon/fmap/accepted", level: "MUST", outcome: "passed" },
        { rule: "daemon/fmap/size-reply", level: "MUST", outcome: "not-applicable", reason: "no large map" },
      ],
    },
  ],
  findings: [
    {
      format: "fmapspec-findings",
      version: 1,
      fmapspec: "0.1.0",
      seed: 1,
      messages: 1000,
      profiles: ["rfc-v2", "v10"],
      complete: true,
      divergences: [
        {
          id: "accepts/reserved-zero",
          sentence: "It takes a message with a reserved field that is not zero.",
          consequence: "why it matters",
          profiles: ["rfc-v2"],
          unsettled: ["dual-ext"],
          fixedBy: "v10",
          witness: { profile: "rfc-v2", message: "00ff", at: 1, detail: "a reserved field is not zero" },
          steps: ["parse: accepted"],
        },
        {
          id: "hazard/strips-leak",
          sentence: "A leak.",
          consequence: "why it matters",
          profiles: ["v10"],
          unsettled: [],
          fixedBy: null,
          witness: {
            profile: "v10",
            when: "another open is faster",
            scene: "lostRace",
            message: "",
            at: 0,
            detail: "",
          },
          steps: [],
        },
      ],
    },
  ],
  matrix: [
    {
      format: "fmapspec-matrix",
      version: 1,
      fmapspec: "0.1.0",
      of: "messages",
      profiles: ["rfc-v2", "v10"],
      rows: [
        { name: "fmap/header/nextents-zero", message: "00ff", cells: ["EINVAL", "ERANGE"], alike: 3 },
        { name: "no fault", message: "", cells: ["accept", "unspecified"] },
      ],
    },
    {
      format: "fmapspec-matrix",
      version: 1,
      fmapspec: "0.1.0",
      of: "daemon",
      profiles: ["rfc-v2"],
      rows: [{ name: "daemon/fmap/accepted", cells: ["passed"] }],
      conclusions: ["conforming"],
    },
  ],
  selftest: [
    {
      format: "fmapspec-selftest",
      version: 1,
      fmapspec: "0.1.0",
      profile: "rfc-v2",
      seed: 1,
      complete: true,
      passed: false,
      mutants: [
        {
          kind: "parser",
          name: "077-offset-removed",
          subject: "an offset is not checked",
          rule: "fmap/simple/offset-alignment",
          equivalent: null,
          messages: 5,
          seconds: 0.25,
          rules: ["fmap/simple/offset-alignment"],
          witness: 56,
          right: true,
        },
        {
          kind: "revision",
          name: "v3-as-rfc-v2",
          subject: "one for the other",
          rule: null,
          equivalent: "they are the same",
          messages: null,
          seconds: 1,
          rules: [],
          witness: null,
          worlds: 7,
          contradiction: "they are not",
          right: false,
        },
      ],
      rules: [{ rule: "fmap/simple/offset-alignment", alone: ["parser/077-offset-removed"], together: [] }],
      unproven: ["daemon/life/stays"],
    },
  ],
  vectors: [
    {
      algorithm: "GET_FMAP",
      schema: "vectors.schema.json",
      numberOfTests: 3,
      header: ["what it is"],
      notes: { Boundary: { bugType: "EDGE_CASE", description: "at it", effect: "none", links: ["famfs.c"] } },
      testGroups: [
        {
          type: "FmapParse",
          source: "the patch",
          profile: "rfc-v2",
          tests: [
            { ...vector, result: "valid", map },
            { ...vector, result: "valid", map, resolve: [["0", "4096"]], resolved: [{ length: "0" }] },
            { ...vector, result: "invalid", errno: "E2BIG", offset: 8 },
            { ...vector, result: "acceptable", allowed: ["accept", "EINVAL"], offset: 8, map: stripedMap },
          ],
        },
      ],
    },
  ],
};
