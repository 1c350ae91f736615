// `ast spec explain`: what a key of astropods.yml means; without one, which variables each container of this agent gets.

import { explainEnvironment, type ExplainedVariable } from "../../blueprint/explain-environment.ts";
import type { ExplainedKey } from "../../blueprint/explain-key.ts";
import { localMessaging } from "../../blueprint/messaging.ts";
import { nearest } from "../../blueprint/nearest.ts";
import { command } from "../command.ts";
import { usageProblem } from "../problem.ts";
import { openBlueprintText, readText, requireBlueprint } from "../project/read-file.ts";
import type { Output } from "../terminal/output.ts";

const places = ["local", "deployed"] as const;

export const specExplainCommand = command({
  path: ["spec", "explain"],
  summary: "Say what a key means, or what each container is given",
  arguments: [{ name: "key", summary: "Such as agent.build or models.default.provider", optional: true }],
  options: {
    file: { kind: "text", short: "f", placeholder: "<file>", summary: "The file (default: astropods.yml here)" },
    place: {
      kind: "text",
      placeholder: "<place>",
      choices: places,
      summary: "local, as by ast dev, or deployed (default: local)",
    },
  },
  examples: [
    { does: "Which variables each container gets, and from where", line: "ast spec explain" },
    { does: "What may stand under agent.build", line: "ast spec explain agent.build" },
  ],
  async run(call) {
    const { output, cwd } = call;
    const key = call.optional("key");
    if (key !== undefined) {
      const explained = await keyOf(key);
      output.answer({ ...explained, keys: explained.keys.map((one) => ({ ...one })) }, () =>
        printKey(output, explained),
      );
      return;
    }
    const blueprint = requireBlueprint(await readText(openBlueprintText(cwd, call.text("file"))));
    const place = places.find((known) => known === call.text("place")) ?? "local";
    const containers = explainEnvironment(blueprint, place, place === "local" ? localMessaging(blueprint) : undefined);
    const document = [...containers].map(([name, variables]) => ({
      name,
      variables: variables.map((one) => ({ ...one })),
    }));
    output.answer({ name: blueprint.name, place, containers: document }, () => printEnvironment(output, containers));
  },
});

/** The schema is loaded here, so that other commands start without it. */
async function keyOf(text: string): Promise<ExplainedKey> {
  const { keysAt, schemaPath } = await import("../../blueprint/schema-keys.ts");
  const { explainKey } = await import("../../blueprint/explain-key.ts");
  const path = schemaPath(text);
  const explained = explainKey(path);
  if (explained !== undefined) return explained;
  const known = path.findIndex((_, index) => explainKey(path.slice(0, index + 1)) === undefined);
  const parent = path.slice(0, Math.max(0, known));
  const keys = keysAt(parent);
  const close = nearest(String(path[known] ?? ""), keys);
  const above = parent.length === 0 ? "" : `${parent.join(".")}.`;
  throw usageProblem(
    `There is no key ${text}.`,
    close === undefined ? `There are: ${keys.map((key) => above + key).join(", ")}.` : `Did you mean ${above}${close}?`,
  );
}

function printKey(output: Output, { path, accepts, required, preset, description, keys }: ExplainedKey): void {
  output.line(output.style.bold(path));
  if (description !== "") output.line(plain(description));
  output.fields([
    ["Takes", plain(accepts)],
    ["Without it", required ? "the file is refused" : plain(preset ?? "")],
  ]);
  if (keys.length === 0) return;
  output.line();
  output.table(
    [
      { title: "Key", value: ({ name }) => name },
      { title: "Takes", value: (key) => plain(key.accepts) },
      { title: "Without it", value: (key) => (key.required ? "refused" : plain(key.preset ?? "")) },
      { title: "Meaning", value: (key) => plain(key.description) },
    ],
    keys,
  );
}

/** Without the marks of Markdown. */
function plain(text: string): string {
  return text.replaceAll("`", "");
}

function printEnvironment(output: Output, containers: ReadonlyMap<string, readonly ExplainedVariable[]>): void {
  for (const [name, variables] of containers) {
    output.line(output.style.bold(name));
    if (variables.length === 0) output.line(`  ${output.style.dim("no variables")}`);
    else {
      output.table(
        [
          { title: "Variable", value: ({ name: variable }) => variable },
          { title: "Value", value: ({ value, needed }) => (needed ? `${value}, needed` : value) },
          { title: "From", value: ({ from }) => from },
        ],
        variables,
      );
    }
    output.line();
  }
}
