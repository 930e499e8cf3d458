import type { Commands } from "./options/table.ts";

export const COMMANDS: Commands = {
  daemon: {
    summary: "certify a famfs daemon: play the kernel's side of FUSE",
    stops: true,
    load: async () => (await import("./commands/daemon.ts")).daemon,
  },
  verify: {
    summary: "run a certificate again and compare",
    stops: true,
    load: async () => (await import("./commands/verify.ts")).verify,
  },
  parser: {
    summary: "test a GET_FMAP parser against a kernel revision",
    stops: true,
    load: async () => (await import("./commands/parser.ts")).parser,
  },
  merge: {
    summary: "merge the reports of shards into the report of the whole run",
    load: async () => (await import("./commands/merge.ts")).merge,
  },
  report: {
    summary: "print a stored report again, or what an interrupted run found",
    load: async () => (await import("./commands/report.ts")).report,
  },
  kernel: {
    summary: "test the running kernel against a revision: serve a mount and open files",
    stops: true,
    load: async () => (await import("./commands/kernel.ts")).kernel,
  },
  judge: {
    summary: "explain one message: bytes, checks, verdict, map",
    load: async () => (await import("./commands/judge.ts")).judge,
  },
  replay: {
    summary: "run a stored failure again: FIXED, FAILED or DIFFERENT",
    load: async () => (await import("./commands/replay.ts")).replay,
  },
  findings: {
    summary: "search for unsafe messages that kernels accept, and safe ones that they refuse",
    stops: true,
    load: async () => (await import("./commands/findings.ts")).findings,
  },
  matrix: {
    summary: "the same messages, or the same daemon, before every kernel revision",
    stops: true,
    load: async () => (await import("./commands/matrix.ts")).matrix,
  },
  vectors: {
    summary: "write or check test vectors: messages and what each kernel does with them",
    load: async () => (await import("./commands/vectors.ts")).vectors,
  },
  profiles: {
    summary: "list the kernel revisions, or what each changes",
    load: async () => (await import("./commands/profiles.ts")).profiles,
  },
  export: {
    summary: "write the suite for another machine or tool: KUnit, a module, fuzzers",
    load: async () => (await import("./commands/export.ts")).exportCommand,
  },
  list: {
    summary: "list the rules, the profiles or a JSON schema",
    load: async () => (await import("./commands/list.ts")).list,
  },
  explain: {
    summary: "describe a rule: what it demands, where it comes from and what it protects",
    load: async () => (await import("./commands/explain.ts")).explain,
  },
  driver: {
    summary: "the suite's own oracle behind the driver protocol",
    load: async () => (await import("./commands/driver.ts")).driver,
  },
  "reference-daemon": {
    summary: "a famfs daemon that does everything right, or all but one thing",
    load: async () => (await import("./commands/reference-daemon.ts")).referenceDaemon,
  },
  selftest: {
    summary: "test the suite: plant known bugs and check that it finds them",
    stops: true,
    load: async () => (await import("./commands/selftest.ts")).selftest,
  },
  completion: {
    summary: "print what completes commands, options and values in a shell",
    load: async () => (await import("./commands/completion.ts")).completionOf(COMMANDS),
  },
  help: {
    summary: "list the commands, or describe one",
    load: async () => (await import("./commands/help.ts")).helpOf(COMMANDS),
  },
};
