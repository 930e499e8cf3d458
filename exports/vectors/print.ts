import type { VectorFile } from "./file.ts";

/** All keys of a vector file, in the order in which they are printed; the keys of `notes` are flags. */
const KEYS = [
  ...["algorithm", "schema", "numberOfTests", "header", "notes", "testGroups"],
  ...["bugType", "description", "effect", "links"],
  ...["type", "source", "profile", "tests"],
  ...["tcId", "id", "comment", "flags", "rules", "msg", "result", "errno", "allowed", "rule", "devindex"],
  ...["offset", "count", "map", "fileType", "fileSize", "devBitmap", "extType", "extents"],
  ...["chunkSize", "nbytes", "strips", "length", "resolve", "resolved", "hazards"],
];

const line = (value: unknown) => JSON.stringify(value, KEYS);

/** A list with an item on each line, behind `indent` spaces. */
const lines = (items: readonly string[], indent: number, [open, close] = "[]") => {
  const space = " ".repeat(indent);
  return `${open}\n${items.map((item) => `${space}  ${item}`).join(",\n")}\n${space}${close}`;
};

/** The canonical text of a vector file: one vector a line, so that a diff of two sets is readable. */
export function printVectors(file: VectorFile): string {
  const notes = Object.keys(file.notes)
    .sort()
    .map((flag) => `${line(flag)}: ${line(file.notes[flag])}`);
  const groups = file.testGroups.map(({ tests, ...group }) => {
    const fields = Object.entries(group).map(([key, value]) => `${line(key)}: ${line(value)}`);
    return lines([...fields, `"tests": ${lines(tests.map(line), 6)}`], 4, "{}");
  });
  const fields = [
    `"algorithm": ${line(file.algorithm)}`,
    `"schema": ${line(file.schema)}`,
    `"numberOfTests": ${line(file.numberOfTests)}`,
    `"header": ${lines(file.header.map(line), 2)}`,
    `"notes": ${lines(notes, 2, "{}")}`,
    `"testGroups": ${lines(groups, 2)}`,
  ];
  return `${lines(fields, 0, "{}")}\n`;
}
