// `ast add provider`: a provider of one's own, which asks for variables.

import { command } from "../command.ts";
import { usageProblem } from "../problem.ts";
import { addToBlueprint } from "../project/add-to-blueprint.ts";
import { addOptions, nameOf } from "../project/component-words.ts";
import { openBlueprintText } from "../project/read-file.ts";

const scopes = ["models", "knowledge", "integrations"] as const;

export const addProviderCommand = command({
  path: ["add", "provider"],
  aliases: [["add", "providers"]],
  summary: "Add a provider of your own to astropods.yml",
  description: [
    "A provider has a name, the sections that may use it, and the variables it asks for. The variable's name follows the",
    "provider's: TOKEN of my-jira is MY_JIRA_TOKEN.",
  ].join("\n"),
  arguments: [{ name: "name", summary: "What you call it", optional: true }],
  options: {
    ...addOptions,
    scope: { kind: "list", placeholder: "<section>", choices: scopes, summary: "A section whose entries may use it" },
    secret: { kind: "list", placeholder: "<NAME>", summary: "A secret that it asks for" },
    variable: { kind: "list", placeholder: "<NAME>", summary: "Something else that it asks for" },
  },
  examples: [
    {
      does: "Jira, with a token and its address",
      line: "ast add provider my-jira --scope integrations --secret TOKEN --variable SITE",
    },
  ],
  async run(call) {
    const { prompts } = call;
    const file = openBlueprintText(call.cwd, call.text("file"));
    const name = await nameOf(call.optional("name"), prompts, "provider");
    const scope = call.list("scope").length > 0 ? [...new Set(call.list("scope"))] : [await askScope()];
    const plain = call.list("variable").map((variable) => ({ name: variable, datatype: "string" }));
    const typed = call.list("secret");
    const secrets = typed.length + plain.length > 0 ? typed : [await askSecret()];
    const variables = [...secrets.map((secret) => ({ name: secret, datatype: "string", secret: true })), ...plain];
    await addToBlueprint(
      call,
      file,
      { section: "providers", name, value: { scope, variables } },
      { dryRun: call.flag("dry-run") },
    );
    call.output.note(`Use it by: ast add ${wordOf(scope[0])} ${name}`);

    function askScope(): Promise<string> {
      return prompts.select(
        { message: "What is it for?", instead: "--scope" },
        scopes.map((value) => ({ value })),
      );
    }

    function askSecret(): Promise<string> {
      return prompts.text({
        message: "Which secret does it ask for?",
        instead: "--secret or --variable",
        initial: "API_KEY",
      });
    }
  },
});

function wordOf(scope: string | undefined): string {
  if (scope === "integrations") return "tool";
  if (scope === "models") return "model";
  if (scope === "knowledge") return "knowledge";
  throw usageProblem("A provider needs a scope.", `Add --scope with one of ${scopes.join(", ")}.`);
}
