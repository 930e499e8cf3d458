import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "../../base/errors.ts";
import { DEFAULT_PROFILE, PROFILES, type Profile, profileNamed, whyOpen } from "../../spec/index.ts";

export { freshSeed } from "../../base/fresh-seed.ts";

type Declared = NonNullable<ParseArgsConfig["options"]>;

/** Options of every command. */
const COMMON = { help: { type: "boolean", short: "h" }, "no-color": { type: "boolean" } } as const;

export interface Parsed {
  /** Values by long name; a repeatable option has a list. */
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
  /** What stands behind `--`; null: there is no `--`. */
  readonly command: readonly string[] | null;
}

/** Reads a command's arguments; throws UsageError for what it does not know, naming what comes close. */
export function readOptions(args: readonly string[], declared: Declared): Parsed {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  const options: Declared = { ...COMMON, ...declared };
  try {
    const { values, positionals } = parseArgs({
      args: [...own],
      options,
      allowPositionals: true,
      strict: true,
    });
    return { values, positionals, command: end < 0 ? null : args.slice(end + 1) };
  } catch (error) {
    const flag = /'(--?[^\s',]+)/.exec((error as Error).message)?.[1];
    const known = Object.keys(options);
    if ((error as NodeJS.ErrnoException).code === "ERR_PARSE_ARGS_UNKNOWN_OPTION")
      throw new UsageError(`there is no option ${flag}; there are ${known.map((k) => `--${k}`).join(", ")}`);
    if ((error as Error).message.includes("ambiguous"))
      throw new UsageError(`what follows ${flag} looks like an option; write ${flag}=VALUE`);
    throw new UsageError((error as Error).message);
  }
}

export function text(p: Parsed, name: string): string | undefined {
  const value = p.values[name];
  return typeof value === "string" ? value : undefined;
}

export function texts(p: Parsed, name: string): string[] {
  const value = p.values[name];
  return Array.isArray(value) ? value.map(String) : [];
}

export const flag = (p: Parsed, name: string): boolean => p.values[name] === true;

/** A whole number from `min` to `max`, or undefined where the option is not given. */
export function whole(
  p: Parsed,
  name: string,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const value = text(p, name);
  if (value === undefined) return undefined;
  const n = Number(value);
  if (!/^-?\d+$/.test(value) || n < min || n > max)
    throw new UsageError(
      `--${name} takes a whole number from ${min}${max === Number.MAX_SAFE_INTEGER ? " on" : ` to ${max}`}, not '${value}'`,
    );
  return n;
}

/** One of the choices, the first where the option is not given. */
export function choice<const C extends readonly string[]>(p: Parsed, name: string, choices: C): C[number] {
  const value = text(p, name) ?? (choices[0] as string);
  if (!choices.includes(value)) throw new UsageError(`--${name} takes ${choices.join(", ")}, not '${value}'`);
  return value;
}

export function profileOf(name: string): Profile {
  const profile = profileNamed(name);
  if (profile === undefined)
    throw new UsageError(
      `there is no profile '${name}'; there are ${PROFILES.flatMap((p) => [p.name, ...p.aliases]).join(", ")}`,
    );
  return profile;
}

/** Why no daemon can be held against a profile; null: one can. */
export const noDaemonFor = (profile: Profile): string | null =>
  "initBit" in profile.open ? whyOpen(profile, "initBit") : null;

/** The profile of that name, for a daemon; throws UsageError where it is not known how that revision begins to speak. */
export function daemonProfileOf(name: string): Profile {
  const profile = profileOf(name);
  const why = noDaemonFor(profile);
  if (why !== null)
    throw new UsageError(
      `no daemon can be asked as the kernel of ${profile.name}, whose INIT bit is not established: ${why}`,
    );
  return profile;
}

/** The profiles of a repeatable --profile; `all` are all of them, and without one it is the default. */
export function profiles(p: Parsed): readonly Profile[] {
  const names = texts(p, "profile");
  if (names.includes("all")) return PROFILES;
  return names.length === 0 ? [DEFAULT_PROFILE] : [...new Set(names.map(profileOf))];
}

/** The same for daemons: of `all`, those that a daemon can be asked as. Throws UsageError. */
export function daemonProfiles(p: Parsed): readonly Profile[] {
  const all = texts(p, "profile").includes("all");
  if (all) return PROFILES.filter((profile) => noDaemonFor(profile) === null);
  return profiles(p).map(({ name }) => daemonProfileOf(name));
}

/** The seed that `--seed` gives, or undefined. */
export const seedOf = (p: Parsed): number | undefined => whole(p, "seed", -(2 ** 31), 2 ** 31 - 1);
