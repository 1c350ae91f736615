// `ast blueprint get`: one blueprint with its builds, what a deployment has to give, and its description.

import { getBlueprint, type Blueprint } from "../api/blueprints.ts";
import { askForTemplate, type TemplateAnswer } from "../api/deploy.ts";
import { command } from "../command.ts";
import type { Context } from "../context.ts";
import { ageOf } from "../terminal/age.ts";
import { printable } from "../terminal/printable.ts";

const mostBuilds = 10;

export const blueprintGetCommand = command({
  path: ["blueprint", "get"],
  summary: "Show a blueprint and its builds",
  arguments: [{ name: "blueprint", summary: "Its name, or @account/name" }],
  options: {
    card: { kind: "flag", summary: "Its description too" },
    template: { kind: "flag", summary: "What has to be given to deploy it, too" },
  },
  async run(call) {
    const { api, output } = call;
    const name = call.argument("blueprint");
    const { value, document } = await getBlueprint(api, name);
    const template = call.flag("template") ? await askForTemplate(api, name, {}) : undefined;
    const shown =
      template === undefined || typeof document !== "object" || document === null || Array.isArray(document)
        ? document
        : { ...document, requested: { ...template.requested } };
    output.answer(shown, () => {
      showBlueprint(call, value);
      if (template !== undefined) showRequested(call, template);
      if (call.flag("card")) output.line(`\n${printable(cardOf(value) ?? "It has no description.")}`);
    });
  },
});

function showBlueprint({ output, now }: Context, blueprint: Blueprint): void {
  output.line(`${output.style.bold(blueprint.name)}  ${output.style.dim(blueprint.account)}`);
  output.fields([
    ["Visible to", blueprint.visibility === "public" ? "everybody who is signed in" : "members of the account"],
    ["Agents", blueprint.metrics?.deploy_count],
    ["Archived", ageOf(blueprint.archived_at, now())],
  ]);
  output.line();
  if (blueprint.versions.length === 0) {
    output.note("  Nothing was pushed yet: ast push");
    return;
  }
  output.table(
    [
      { title: "  Build", value: ({ build_id }) => `  ${build_id}`, paint: output.style.cyan },
      { title: "Pushed", value: ({ published_at }) => `${published_at}  ${ageOf(published_at, now())}` },
    ],
    blueprint.versions.slice(0, mostBuilds),
  );
  const more = blueprint.versions.length - mostBuilds;
  if (more > 0) output.note(`  and ${more} older ones: ast blueprint builds ${blueprint.name}`);
}

function showRequested({ output }: Context, { requested }: TemplateAnswer): void {
  output.line("\nTo deploy it:");
  if (requested.variables.length === 0) output.note("  no value has to be given");
  output.table(
    [
      { title: "  Variable", value: ({ name }) => `  ${name}` },
      { title: "Needed", value: ({ optional, default: usual }) => (optional || usual != null ? "no" : "yes") },
      { title: "Default", value: ({ default: usual }) => usual ?? undefined },
      { title: "Kind", value: ({ secret, options }) => (secret ? "secret" : options.join(" | ")) },
      { title: "What for", value: ({ description }) => description ?? undefined },
    ],
    requested.variables.map((variable) => ({ ...variable })),
  );
  for (const { name, options, chosen } of requested.models) {
    output.line(`  Model ${name}: ${chosen}${options.length > 1 ? `; may be ${options.join(", ")}` : ""}`);
  }
  for (const job of requested.schedules) output.line(`  Job ${job} needs a schedule: --schedule ${job}="0 6 * * *"`);
}

/** Without its front matter where the server has taken it off. */
function cardOf({ versions }: Blueprint): string | undefined {
  const [newest] = versions;
  return newest?.agent_card?.body || newest?.readme || undefined;
}
