import { noSuch } from "../../base/similar.ts";
import { SHELLS } from "../options/completion.ts";
import { type Command, type Commands, command } from "../options/table.ts";

const NAMES = Object.keys(SHELLS);

export const completionOf = (commands: Commands): Command =>
  command({
    about: `Prints a script that completes commands, options, and values such as profiles, rules and formats. To install it:
  bash  fmapspec completion bash >~/.local/share/bash-completion/completions/fmapspec
  zsh   fmapspec completion zsh >~/.fmapspec.zsh, and in ~/.zshrc: source ~/.fmapspec.zsh
  fish  fmapspec completion fish >~/.config/fish/completions/fmapspec.fish`,
    options: {},
    operand: { takes: "SHELL", noun: `shell (${NAMES.join(", ")})`, count: "one", offers: NAMES },
    async run({ operands: [name = ""] }, { print }) {
      const script = Object.hasOwn(SHELLS, name) ? SHELLS[name] : undefined;
      if (script === undefined) throw noSuch("completion for the shell", name, NAMES);
      print(await script(commands));
      return 0;
    },
  });
