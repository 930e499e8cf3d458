/** Scripts that complete commands, options and values in a shell, made from the tables of the commands. */
import { COMMON } from "./parse.ts";
import { type Command, type Commands, type Offers, type Options, optionsOf } from "./table.ts";

interface Completed {
  readonly name: string;
  readonly summary: string;
  readonly command: Command;
  readonly options: Options;
}

/** What completion offers, as a shell word: a variable for a list of words, which several options may have. */
type Spelled = (offers: Offers) => string;

const loaded = (commands: Commands): Promise<Completed[]> =>
  Promise.all(
    Object.entries(commands).map(async ([name, { summary, load }]) => {
      const command = await load();
      return { name, summary, command, options: { ...optionsOf(command), ...COMMON } };
    }),
  );

/** Numbers the lists of words, each once. */
function lists(): { spelled: Spelled; all: Map<string, string> } {
  const all = new Map<string, string>();
  const spelled: Spelled = (offers) => {
    if (offers === "paths") return offers;
    const words = offers.join(" ");
    if (!all.has(words)) all.set(words, `fmapspec_words_${all.size}`);
    return `$${all.get(words)}`;
  };
  return { spelled, all };
}

/** For bash, and for zsh, which has bash's way of completing as bashcompinit. */
async function bash(commands: Commands): Promise<string> {
  const { spelled, all } = lists();
  const cases = (await loaded(commands)).map(({ name, command, options }) => {
    const valued = Object.entries(options).flatMap(([key, { takes, offers = [] }]) =>
      takes === undefined ? [] : [`      --${key}) offers=${spelled(offers)} ;;\n`],
    );
    const flags = spelled(Object.keys(options).map((key) => `--${key}`));
    const operands = spelled(command.operand?.offers ?? []);
    return `    ${name})
      options=${flags} offers=${operands}
      case $before in
${valued.join("")}      *) [[ $word == -* && -z $prefix ]] && offers=$options ;;
      esac ;;
`;
  });
  const words = [...all].map(([list, variable]) => `  local ${variable}="${list}"\n`);
  return `# What completes fmapspec: made by fmapspec completion.
_fmapspec() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" prefix="" offers="" options="" i
${words.join("")}  # Bash divides --option=value and KIND=PATH into three words, zsh does not.
  if [[ $word == "=" ]]; then
    word="" prefix=" "
  elif [[ $before == "=" ]]; then
    before="\${COMP_WORDS[COMP_CWORD-2]}" prefix=" "
  elif [[ $word == *=* ]]; then
    before="\${word%%=*}" prefix="\${word%%=*}=" word="\${word#*=}"
  fi
  for ((i = 2; i < COMP_CWORD; i++)); do
    [[ "\${COMP_WORDS[i]}" == "--" ]] && { COMPREPLY=($(compgen -f -- "$word")); return; }
  done
  case "\${COMP_WORDS[1]}" in
${cases.join("")}  esac
  if [[ $COMP_CWORD == 1 ]]; then offers="${Object.keys(commands).join(" ")} --help --version"; fi
  # What follows a KIND= is a path.
  if [[ -n $prefix && $before != -* ]]; then offers=paths; fi
  prefix="\${prefix# }"
  if [[ $offers == paths ]]; then
    COMPREPLY=($(compgen -P "$prefix" -f -- "$word"))
    compopt -o filenames 2>/dev/null
  else
    COMPREPLY=($(compgen -P "$prefix" -W "$offers" -- "$word"))
    [[ \${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  fi
  return 0
}
complete -F _fmapspec fmapspec
`;
}

const zsh = async (commands: Commands): Promise<string> =>
  `autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${await bash(commands)}`;

const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, "\\$&").split("\n")[0]}'`;

async function fish(commands: Commands): Promise<string> {
  const { spelled, all } = lists();
  const offered = (offers: Offers): string => (offers === "paths" ? "-F" : `-a "${spelled(offers)}"`);
  const lines = (await loaded(commands)).flatMap(({ name, summary, command, options }) => {
    const behind = `complete -c fmapspec -n '__fmapspec_runs ${name}'`;
    const operand = command.operand?.offers;
    return [
      `complete -c fmapspec -n '__fmapspec_runs ""' -a ${name} -d ${quoted(summary)}`,
      ...(operand === undefined ? [] : [`${behind} ${offered(operand)}`]),
      ...Object.entries(options).map(([key, { takes, short, about, offers = [] }]) => {
        // Behind `json=` fish itself completes a path, if paths are allowed.
        const paths = offers === "paths" || offers.some((word) => word.endsWith("="));
        const value = takes === undefined ? "" : ` ${paths ? "-rF" : "-x"} ${offered(offers)}`;
        return `${behind} -l ${key}${short === undefined ? "" : ` -s ${short}`}${value} -d ${quoted(about)}`;
      }),
    ];
  });
  const words = [...all].map(([list, variable]) => `set -g ${variable} ${list}`);
  return `# What completes fmapspec: made by fmapspec completion.
function __fmapspec_runs
    set -l words (commandline -opc)
    test "$words[2]" = "$argv[1]"
end
${words.join("\n")}
complete -c fmapspec -f
${lines.join("\n")}
`;
}

/** The script for each shell, from all commands. */
export const SHELLS: Readonly<Record<string, (commands: Commands) => Promise<string>>> = { bash, zsh, fish };
