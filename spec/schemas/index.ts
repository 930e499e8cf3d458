import { certificateSchema } from "./certificate.ts";
import { counterexampleSchema } from "./counterexample.ts";
import { daemonReportSchema } from "./daemon-report.ts";
import { driverReplySchema, driverRequestSchema, driverStartedSchema } from "./driver.ts";
import { findingsSchema } from "./findings.ts";
import { journalSchema } from "./journal.ts";
import { manifestSchema } from "./manifest.ts";
import { matrixSchema } from "./matrix.ts";
import { messageSchema } from "./message.ts";
import { reportSchema } from "./report.ts";
import { requirementFailureSchema } from "./requirement-failure.ts";
import { selftestSchema } from "./selftest.ts";
import { sessionSchema } from "./session.ts";
import type { Schema } from "./shared.ts";
import { vectorsSchema } from "./vectors.ts";
import { verdictSchema } from "./verdict.ts";

export type { Schema } from "./shared.ts";

/** Every document format of the project, by the name of its schema. */
export const SCHEMAS = {
  message: messageSchema,
  verdict: verdictSchema,
  "driver-request": driverRequestSchema,
  "driver-started": driverStartedSchema,
  "driver-reply": driverReplySchema,
  counterexample: counterexampleSchema,
  report: reportSchema,
  "daemon-report": daemonReportSchema,
  journal: journalSchema,
  certificate: certificateSchema,
  manifest: manifestSchema,
  findings: findingsSchema,
  matrix: matrixSchema,
  selftest: selftestSchema,
  session: sessionSchema,
  "requirement-failure": requirementFailureSchema,
  vectors: vectorsSchema,
} as const satisfies Record<string, Schema>;

export type SchemaName = keyof typeof SCHEMAS;
