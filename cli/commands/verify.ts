import { counted } from "../../base/counted.ts";
import { UsageError } from "../../base/errors.ts";
import { misfit } from "../../base/schema-check.ts";
import { profileNamed } from "../../spec/index.ts";
import {
  type Certificate,
  certificateDifferences,
  certify,
  obstacle,
} from "../../suites/daemon/certificate.ts";
import { runDaemonSuite } from "../../suites/daemon/certification.ts";
import { exitStatus } from "../../suites/run/verdict.ts";
import { VERSION } from "../context.ts";
import { DAEMON_OPTIONS, DAEMON_PROGRAM, daemonOf } from "../options/daemon-subject.ts";
import { EXPECT, expectedOf } from "../options/manifest-input.ts";
import { command } from "../options/table.ts";
import { readJson } from "../store/files.ts";

async function readCertificate(path: string): Promise<Certificate> {
  const json = await readJson(path);
  const flaw = misfit("certificate", json);
  if (flaw !== null) throw new UsageError(`${path} is no certificate: ${flaw}`);
  return json as Certificate;
}

export const verify = command({
  about: `Certifies the daemon once more, with the certificate's profile, level, seed and scope, and compares: the rules,
the executable's sha256 and the outcome of every requirement. Without a command it starts the one in CERT.`,
  options: { options: { ...DAEMON_OPTIONS, expect: EXPECT } },
  operand: { takes: "CERT", noun: "certificate file", count: "one", offers: "paths" },
  program: DAEMON_PROGRAM,
  closing:
    "Exit status 0 when the certificate holds, 1 when it does not, 4 when nothing failed and something was not checked.",
  async run(options, { print, paint, signal }) {
    const [path = ""] = options.operands;
    const old = await readCertificate(path);
    const profile = profileNamed(old.profile);
    if (profile === undefined)
      throw new UsageError(`${path} is for profile ${old.profile}, which this version has not`);
    const subject = options.program === null ? old.subject : daemonOf(options, options.program);
    const report = await runDaemonSuite(subject, {
      profile,
      level: old.level,
      seed: old.seed,
      timeout: options.values.timeout,
      expect: await expectedOf(options),
      scope: old.scope ?? "famfs",
      signal,
      version: VERSION,
    });
    const found = certificateDifferences(old, certify(report, new Date()));
    if (report.verdict === "inconclusive") {
      print(
        `${paint("yellow", "INCONCLUSIVE")} ${path}\n${[...report.reasons, ...found].map((f) => `  ${f}`).join("\n")}\n`,
      );
      return exitStatus([report.verdict]);
    }
    const why = obstacle(report);
    if (why !== null) found.unshift(why);
    if (found.length === 0) {
      print(`${paint("green", "HOLDS")} ${path}: ${counted(old.requirements.length, "requirement")}\n`);
      return 0;
    }
    print(`${paint("red", "DOES NOT HOLD")} ${path}\n${found.map((f) => `  ${f}`).join("\n")}\n`);
    return 1;
  },
});
