export { renderDaemonReport } from "./daemon-text.ts";
export { renderFindings, renderFindingsPage } from "./findings-text.ts";
export { type Judgement, renderJudgement, renderSideBySide } from "./judge-text.ts";
export { renderMatrix, renderMatrixPage } from "./matrix-text.ts";
export { coloured, type Paint, plain } from "./paint.ts";
export { renderReport, type StoredAt } from "./parser-text.ts";
