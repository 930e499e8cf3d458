import { UsageError } from "../../base/errors.ts";
import { renderProfiles } from "../../reports/index.ts";
import { holdsIn, PROFILES, RULES, SCHEMAS, type SchemaName } from "../../spec/index.ts";
import { ruleGlobs } from "../../suites/stored/rule-globs.ts";
import type { Command } from "../command.ts";
import { flag, profileOf, readOptions, text } from "../options/options.ts";

export const list: Command = {
  help: `usage: fmapspec list [--profile NAME] [--profiles | --schema NAME | --json] [GLOB...]

Lists the rules whose id matches a glob (all without one): level, id, sentence.

  --profile NAME  only the rules that hold in this kernel revision
  --profiles      list the kernel revisions instead
  --schema NAME   print a JSON Schema: ${Object.keys(SCHEMAS).join(", ")}
  --json          print the rules as JSON with source, errno and consequence
`,
  async run(args, { paint, print }) {
    const options = readOptions(args, {
      profile: { type: "string" },
      profiles: { type: "boolean" },
      schema: { type: "string" },
      json: { type: "boolean" },
    });
    const schema = text(options, "schema");
    if (schema !== undefined) {
      if (!Object.hasOwn(SCHEMAS, schema))
        throw new UsageError(`there is no schema '${schema}'; there are ${Object.keys(SCHEMAS).join(", ")}`);
      print(`${JSON.stringify(SCHEMAS[schema as SchemaName], null, 2)}\n`);
      return 0;
    }
    if (flag(options, "profiles")) {
      print(renderProfiles(PROFILES, paint));
      return 0;
    }
    const matches = ruleGlobs(options.positionals);
    const name = text(options, "profile");
    const profile = name === undefined ? null : profileOf(name);
    const rules = RULES.filter((r) => matches(r.id) && (profile === null || holdsIn(r, profile)));
    if (flag(options, "json")) print(`${JSON.stringify(rules, null, 2)}\n`);
    else
      for (const r of rules) print(`${r.level.padEnd(6)} ${paint("bold", r.id.padEnd(34))} ${r.sentence}\n`);
    return 0;
  },
};
