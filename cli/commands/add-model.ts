// `ast add model`: a model of the gateway, of a provider, or in a container.

import { gatewayProvider, sameProvider } from "../../blueprint/blueprint.ts";
import { command } from "../command.ts";
import { addToBlueprint } from "../project/add-to-blueprint.ts";
import { addOptions, containerOf, containerOptions, nameOf, providerOf } from "../project/component-words.ts";
import { openBlueprintText } from "../project/read-file.ts";
import { usageProblem } from "../problem.ts";

export const addModelCommand = command({
  path: ["add", "model"],
  aliases: [["add", "models"]],
  summary: "Add a model to astropods.yml",
  arguments: [{ name: "name", summary: "What you call it; a provider's name is that provider", optional: true }],
  options: {
    ...addOptions,
    provider: { kind: "text", placeholder: "<provider>", summary: "gateway, anthropic, openai ... or one of your own" },
    model: { kind: "list", placeholder: "<model>", summary: "With the gateway: one to choose from, the default first" },
    ...containerOptions,
  },
  examples: [
    {
      does: "A model of the gateway, chosen when it is deployed",
      line: "ast add model default --provider gateway --model claude-sonnet-4-6",
    },
    { does: "One of OpenAI, with your own key", line: "ast add model openai" },
    { does: "One in a container", line: "ast add model local --image llama-server:1 --port 8080" },
  ],
  async run(call) {
    const { prompts } = call;
    const file = openBlueprintText(call.cwd, call.text("file"));
    const name = await nameOf(call.optional("name"), prompts, "model");
    const container = containerOf({
      image: call.text("image"),
      build: call.text("build"),
      dockerfile: call.text("dockerfile"),
      port: call.text("port"),
      volume: call.text("volume"),
    });
    const typed = call.text("provider");
    if (container !== undefined && typed !== undefined) throw bothGiven();
    const provider =
      container === undefined ? await providerOf({ section: "models", name, typed, file, prompts }) : undefined;
    const models = [...call.list("model")];
    if (models.length > 0 && !sameProvider(provider ?? "", gatewayProvider)) {
      throw usageProblem("--model is for the gateway.", "Say --provider gateway, or leave --model out.");
    }
    const value = { provider, container, models: models.length === 0 ? undefined : models };
    await addToBlueprint(call, file, { section: "models", name, value }, { dryRun: call.flag("dry-run") });
  },
});

export function bothGiven() {
  return usageProblem(
    "It is of a provider or in a container, not both.",
    "Leave out --provider, or --image and --build.",
  );
}
