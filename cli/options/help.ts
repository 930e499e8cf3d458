/** What `--help` prints, and docs/options.md: both from the tables of the commands. */
import { type Command, type Commands, type Option, type Options, optionsOf } from "./table.ts";

const WIDTH = 116;

/** `fmapspec parser [options] [-- CMD ARG...]`. */
function usage(name: string, { operand, program }: Command): string {
  const { takes, count } = operand ?? { takes: "", count: "one" };
  const repeated = count.startsWith("a") && count !== "at most one" ? `${takes}...` : takes;
  const argument = count === "one" || count === "at least one" ? repeated : `[${repeated}]`;
  return [
    `fmapspec ${name} [options]`,
    ...(operand === undefined ? [] : [argument]),
    ...(program === undefined ? [] : [`[-- ${program}]`]),
  ].join(" ");
}

const headOf = (name: string, { short, takes }: Option): string =>
  [short === undefined ? "" : `-${short}, `, `--${name}`, takes === undefined ? "" : ` ${takes}`].join("");

/** A text in lines, none longer than the width. */
function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) as string;
    if (line !== "" && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}

function section(title: string, options: Options, width: number): string {
  const lines = Object.entries(options).flatMap(([name, option]) =>
    option.about
      .split("\n")
      .flatMap((text) => wrapped(text, WIDTH - width - 4))
      .map((text, i) => `  ${(i === 0 ? headOf(name, option) : "").padEnd(width)}  ${text}\n`),
  );
  return `\n${title}\n${lines.join("")}`;
}

export function renderHelp(name: string, command: Command): string {
  const { about, closing } = command;
  const heads = Object.entries(optionsOf(command)).map(([key, option]) => headOf(key, option).length);
  const sections = Object.entries(command.options).map(([title, options]) =>
    section(title, options, Math.max(...heads)),
  );
  return [
    `usage: ${usage(name, command)}\n\n${about}\n`,
    ...sections,
    ...(closing === undefined ? [] : [`\n${closing}\n`]),
  ].join("");
}

/** What `fmapspec --help` prints. */
export function renderOverview(commands: Commands, version: string): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(17)} ${summary}\n`);
  return `fmapspec ${version}: conformance suite for the famfs GET_FMAP message of FUSE

usage: fmapspec COMMAND [options] [-- CMD ARG...]

${lines.join("")}
fmapspec COMMAND --help describes a command. Exit status: 0 conforming, 1 not conforming, 2 usage,
3 the subject could not be started or attached, or the suite broke,
4 inconclusive: nothing failed, but something that the verdict needs was not checked,
130 and 143 after SIGINT and SIGTERM.
`;
}

const markdownText = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", "<br>");

function markdownSection(title: string, options: Options): string {
  const rows = Object.entries(options).map(
    ([name, option]) => `| \`${headOf(name, option)}\` | ${markdownText(option.about)} |\n`,
  );
  return `\n| ${title} | |\n|---|---|\n${rows.join("")}`;
}

/** docs/options.md: every option of every command. */
export async function renderPage(commands: Commands, common: Options): Promise<string> {
  const pages = Object.entries(commands).map(async ([name, { summary, load }]) => {
    const declared = await load();
    const sections = Object.entries(declared.options).map(([title, options]) =>
      markdownSection(title, options),
    );
    return `\n## fmapspec ${name}\n\n\`${usage(name, declared)}\`: ${summary}.\n${sections.join("")}`;
  });
  return `# Options

Written by \`fmapspec help --markdown\` from the tables that parse the command line. \`fmapspec COMMAND --help\` has
the same with what each command does.
${markdownSection("every command", common)}${(await Promise.all(pages)).join("")}`;
}
