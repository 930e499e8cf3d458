import { noSuch } from "../../base/similar.ts";
import { renderProfiles } from "../../reports/index.ts";
import { holdsIn, PROFILES, RULES, SCHEMAS, type SchemaName } from "../../spec/index.ts";
import { ruleGlobs } from "../../suites/stored/rule-globs.ts";
import { flag, word } from "../options/kinds.ts";
import { anyProfile } from "../options/profiles.ts";
import { RULE_IDS } from "../options/run-options.ts";
import { command } from "../options/table.ts";

const SCHEMA_NAMES = Object.keys(SCHEMAS);

export const list = command({
  about: "Lists the rules whose id matches a glob (all without one): level, id, sentence.",
  options: {
    options: {
      profile: anyProfile("only the rules that hold in this kernel revision"),
      profiles: flag("list the kernel revisions instead"),
      schema: word("NAME", `print a JSON Schema instead: ${SCHEMA_NAMES.join(", ")}`, SCHEMA_NAMES),
      json: flag("print the rules as JSON with source, errno and consequence"),
    },
  },
  operand: { takes: "GLOB", noun: "glob", count: "any number", offers: RULE_IDS },
  async run({ values: { profile, profiles, schema, json }, operands }, { paint, print }) {
    if (schema !== undefined) {
      if (!Object.hasOwn(SCHEMAS, schema)) throw noSuch("schema", schema, SCHEMA_NAMES);
      print(`${JSON.stringify(SCHEMAS[schema as SchemaName], null, 2)}\n`);
      return 0;
    }
    if (profiles) {
      print(renderProfiles(PROFILES, paint));
      return 0;
    }
    const matches = ruleGlobs(operands);
    const rules = RULES.filter((r) => matches(r.id) && (profile === null || holdsIn(r, profile)));
    if (json) print(`${JSON.stringify(rules, null, 2)}\n`);
    else
      for (const r of rules) print(`${r.level.padEnd(6)} ${paint("bold", r.id.padEnd(34))} ${r.sentence}\n`);
    return 0;
  },
});
