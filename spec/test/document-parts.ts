/** What the documents of documents.ts are put together from. */
export const map = {
  fileType: 0,
  extType: "simple",
  fileSize: "2097152",
  devBitmap: "1",
  extents: [{ devindex: "0", offset: "0", length: "2097152" }],
};
export const stripedMap = {
  fileType: 0,
  extType: "interleaved",
  fileSize: "1",
  devBitmap: "1",
  extents: [{ chunkSize: "2097152", nbytes: "1", strips: map.extents }],
};
export const hazards = [{ rule: "hazard/devindex-shift", offset: 32, count: 1 }];
export const accept = { verdict: "accept", map, hazards: [] };
export const reject = {
  verdict: "reject",
  errno: "E2BIG",
  rule: "fmap/header/nextents-limit",
  offset: 8,
  hazards,
};
export const judged = { profile: "rfc-v2", message: "00ff" };

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
export const decoded = {
  header: decodedHeader,
  extents: [decodedRange, { nstrips: "1", chunkSize: "0", nbytes: "0", strips: [decodedRange] }],
  rest: "00ff",
};
const versions = { fmapspec: "0.1.0", fastCheck: "4.10.2", node: "20.20.0" };

export const counterexample = {
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

export const vector = {
  tcId: 1,
  id: "fmap/map/simple/one",
  comment: "why",
  flags: ["Boundary"],
  rules: ["fmap/map/simple"],
  msg: "00ff",
  hazards,
};

export const rule = {
  rule: "fmap/header/underflow",
  outcome: "passed",
  messages: 3,
  failed: 0,
  reason: "none",
};
export const finding = {
  rule: "hazard/strips-leak",
  what: "a leak",
  predicted: true,
  messages: 2,
  counterexample,
};

export const session = {
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

export const daemon = { command: ["./daemon", "{mountpoint}"], channel: "auto", via: "direct" };

export const requirement = {
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
export const parserRun = {
  runs: 10,
  filter: ["fmap/*"],
  strict: true,
  failFast: false,
  timeout: 5000,
  shard: { i: 1, n: 3 },
};

export const parserState = {
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

/** The verdict of a run whose reason is not looked at. */
export const conclusion = {
  verdict: "not conforming",
  reasons: ["failed: fmap/header/underflow", "not checked: maps: why"],
  scope: "tested: the parser",
  counts: { passed: 1, failed: 1, warnings: 0, known: 0, notRun: 0, notApplicable: 0 },
  unchecked: [{ what: "maps", why: "why" }],
};

export const daemonState = {
  position: 4,
  seconds: 0.5,
  complete: false,
  famfs: "agreed",
  unchecked: [{ what: "maps", why: "why" }],
  channel: "packet",
  tree: { nodes: 3, files: 2, mapped: 1 },
  notes: ["a note"],
  shared: tally,
  split: tally,
  session: { index: 2, stored: session },
};

export const selftests = [
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
        tries: 2,
        worlds: 7,
        contradiction: "they are not",
        right: false,
      },
    ],
    rules: [{ rule: "fmap/simple/offset-alignment", alone: ["parser/077-offset-removed"], together: [] }],
    unproven: ["daemon/life/stays"],
  },
];
