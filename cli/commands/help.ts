import { noSuch } from "../../base/similar.ts";
import { VERSION } from "../context.ts";
import { renderHelp, renderOverview, renderPage } from "../options/help.ts";
import { flag } from "../options/kinds.ts";
import { COMMON } from "../options/parse.ts";
import { type Command, type Commands, command } from "../options/table.ts";

export const helpOf = (commands: Commands): Command => {
  const names = Object.keys(commands);
  return command({
    about: "Lists the commands, or describes one as its --help does.",
    options: {
      options: {
        markdown: flag("print a Markdown page with the options of every command (docs/options.md)"),
      },
    },
    operand: { takes: "COMMAND", noun: "command", count: "at most one", offers: names },
    async run({ values: { markdown }, operands: [name] }, { print }) {
      if (name !== undefined && !Object.hasOwn(commands, name)) throw noSuch("command", name, names);
      const entry = name === undefined ? undefined : commands[name];
      if (markdown) print(await renderPage(commands, COMMON));
      else if (entry !== undefined) print(renderHelp(name as string, await entry.load()));
      else print(renderOverview(commands, VERSION));
      return 0;
    },
  });
};
