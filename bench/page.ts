/** `npm run bench:page`: docs/performance.md and its pictures, from docs/performance.json. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { performancePage } from "./page/performance.ts";

const docs = join(PACKAGE_ROOT, "docs");
const { page, pictures } = performancePage(JSON.parse(readFileSync(join(docs, "performance.json"), "utf8")));
writeFileSync(join(docs, "performance.md"), page);
for (const { file, svg } of pictures) writeFileSync(join(docs, "images", `${file}.svg`), svg);
