export { renderDaemonReport } from "./daemon-text.ts";
export { type Judgement, renderJudgement } from "./judge-text.ts";
export { coloured, type Paint, plain } from "./paint.ts";
export { renderReport, type StoredAt } from "./parser-text.ts";
export { renderProfileDifferences, renderProfiles } from "./profiles-text.ts";
