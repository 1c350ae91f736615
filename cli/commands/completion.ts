// `ast completion`: a script that completes commands and options in a shell.

import { command } from "../command.ts";
import { completionScript, shells, type Shell } from "../completion.ts";

const installs: Readonly<Record<Shell, { readonly does: string; readonly line: string }>> = {
  bash: { does: "In ~/.bashrc", line: "source <(ast completion bash)" },
  zsh: { does: "In ~/.zshrc, behind compinit", line: "source <(ast completion zsh)" },
  fish: { does: "Once", line: "ast completion fish > ~/.config/fish/completions/ast.fish" },
};

export const completionCommands = shells.map((shell) =>
  command({
    path: ["completion", shell],
    aliases: [["settings", shell]],
    summary: `Print what completes ast in ${shell}`,
    examples: [{ does: installs[shell].does, line: installs[shell].line }],
    async run({ output }) {
      const { catalogue } = await import("./index.ts");
      output.raw(completionScript(shell, catalogue));
    },
  }),
);
