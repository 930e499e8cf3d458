import { holdsIn, type Profile, profileDifferences, RULES } from "../../spec/index.ts";
import type { Paint } from "../line.ts";

/** Each profile with its other names, its title, its source, and what of it no source gives. */
export function renderProfiles(profiles: readonly Profile[], paint: Paint): string {
  return profiles
    .map((p) => {
      const aliases = p.aliases.length === 0 ? "" : ` (also ${p.aliases.join(", ")})`;
      const open = Object.entries(p.open).map(
        ([path, why]) => `    ${paint("yellow", "not established")}  ${path}: ${why}\n`,
      );
      return `${paint("bold", p.name)}${aliases}  ${p.title}\n    ${p.source}\n${open.join("")}`;
    })
    .join("");
}

/** What each profile changes of the one before it: a line for each field, and the rules that come and go. */
export function renderProfileDifferences(profiles: readonly Profile[], paint: Paint): string {
  const sections: string[] = [];
  for (const [i, next] of profiles.slice(1).entries()) {
    const before = profiles[i] as Profile;
    const found = profileDifferences(before, next);
    const width = Math.max(...found.map((d) => d.path.length));
    const fields = found.map((d) => `  ${d.path.padEnd(width)}  ${d.before} -> ${d.after}`);
    const rules = RULES.filter((r) => holdsIn(r, before) !== holdsIn(r, next)).map((r) =>
      holdsIn(r, next) ? paint("green", `  + ${r.id}`) : paint("red", `  - ${r.id}`),
    );
    sections.push([paint("bold", `${before.name} -> ${next.name}`), ...fields, ...rules, ""].join("\n"));
  }
  return sections.join("\n");
}
