// `ast docs`: guides, to be read in the terminal or given to a coding agent.

import { command } from "../command.ts";
import { guideNames, guides } from "../guides.ts";

export const docsCommand = command({
  path: ["docs"],
  summary: "Read a guide",
  description: ["Guides:", ...guideNames.map((name) => `  ${name.padEnd(10)} ${guides[name].summary}`)].join("\n"),
  arguments: [{ name: "guide", summary: "Which one (default: they are listed)", optional: true, choices: guideNames }],
  examples: [{ does: "For a coding agent", line: "ast docs agents" }],
  async run({ output, optional }) {
    const name = guideNames.find((candidate) => candidate === optional("guide"));
    if (name === undefined) {
      const listed = guideNames.map((guide) => ({ name: guide, summary: guides[guide].summary }));
      output.answer({ guides: listed }, () =>
        output.table(
          [
            { title: "Guide", value: ({ name }) => `ast docs ${name}`, paint: output.style.cyan },
            { title: "About", value: ({ summary }) => summary },
          ],
          listed,
        ),
      );
      return;
    }
    const { default: text } = await guides[name].read();
    output.answer({ name, text }, () => output.raw(text));
  },
});
