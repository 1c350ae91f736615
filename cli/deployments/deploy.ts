// The way of every deployment: ask for a template, ask the person for what is missing, deploy, wait.

import type { Json, JsonObject } from "../../server/contracts/json.ts";
import { askForTemplate, deployTemplate, type RequestedVariable, type TemplateAnswer } from "../api/deploy.ts";
import type { Context } from "../context.ts";
import { Problem } from "../problem.ts";
import { showServing, waitForRevision } from "./rollout.ts";

export type Deployment = {
  readonly blueprint: string;
  readonly request: JsonObject;
  /** Absent: the server's choice, which is the blueprint's or the earlier one. */
  readonly displayName: string | undefined;
  readonly dryRun: boolean;
  /** Undefined: not to wait. */
  readonly waitMs: number | undefined;
};

/** @throws Problem */
export async function deploy(context: Context, deployment: Deployment): Promise<void> {
  const { api, output } = context;
  const answer = await completeTemplate(context, deployment);
  for (const { field, message } of answer.validation.warnings) output.warn(`${wordOf(field)}: ${message}`);
  if (!answer.validation.valid) throw invalidTemplate(answer);
  const { signature: _unused, ...checked } = answer;
  if (deployment.dryRun) {
    output.answer(documentOf(checked), () => showPlan(context, answer));
    return;
  }
  const { deployed, document } = await deployTemplate(api, answer, deployment.displayName);
  const name = deployment.displayName ?? targetName(answer) ?? deployed.name;
  if (deployment.waitMs === undefined) {
    output.answer(document, () => {
      output.done(`${name}: revision ${deployed.revision ?? "?"} of build ${deployed.build_id} is on its way.`);
      output.note(`  How it goes: ast status ${quoted(name)}`);
    });
    return;
  }
  const wait = { id: deployed.deployment_id, revision: deployed.revision, timeoutMs: deployment.waitMs };
  showServing(context, await waitForRevision(context, wait));
}

/** Asks once more with what the person adds, where somebody can be asked. */
async function completeTemplate(context: Context, { blueprint, request }: Deployment): Promise<TemplateAnswer> {
  const { api, prompts } = context;
  const answer = await askForTemplate(api, blueprint, request);
  const missing = answer.requested.variables.filter(({ given, optional }) => given == null && !optional);
  if (answer.validation.valid || !prompts.available || missing.length === 0) return answer;
  const values: JsonObject = {};
  for (const variable of missing) values[variable.name] = { value: await askForValue(context, variable) };
  const before = request["variables"];
  const variables = {
    ...(typeof before === "object" && before !== null && !Array.isArray(before) ? before : {}),
    ...values,
  };
  return askForTemplate(api, blueprint, { ...request, variables });
}

async function askForValue({ prompts }: Context, { name, secret, description, options }: RequestedVariable) {
  const question = { message: description ? `${name}: ${description}` : name, instead: `--var ${name}=...` };
  const check = (answer: string) => (answer === "" ? "It needs a value." : undefined);
  if (options.length > 0)
    return prompts.select(
      question,
      options.map((value) => ({ value })),
    );
  return secret ? prompts.secret(question, check) : prompts.text(question, check);
}

function invalidTemplate({ validation, requested }: TemplateAnswer): Problem {
  const missing = requested.variables.filter(({ given, optional }) => given == null && !optional);
  const [first] = missing;
  return new Problem("usage", "This cannot be deployed yet:", {
    code: "invalid_template",
    lines: validation.errors.map(({ field, message }) => `${wordOf(field)}: ${message}`),
    hint:
      first === undefined
        ? "Mend what is named, and repeat."
        : `Give values by --var ${first.name}=..., by --vars-file <file>, or from the vault: --var ${first.name}=@`,
  });
}

/** `variables.OPENAI_API_KEY` is called OPENAI_API_KEY. */
function wordOf(field: string): string {
  return field.replace(/^variables\./, "").replace(/^(models|schedules)\.(.*)$/, "$2 ($1)");
}

function showPlan({ output }: Context, { requested, template }: TemplateAnswer): void {
  output.done("Everything is there; nothing was deployed.");
  output.fields([
    ["Build", textOf(template["build_id"])],
    ["Name", targetName({ template })],
    ...requested.models.map(({ name, chosen }): [string, string] => [`Model ${name}`, chosen]),
  ]);
  if (requested.variables.length > 0) output.line();
  output.table(
    [
      { title: "  Variable", value: ({ name }) => `  ${name}` },
      { title: "Comes from", value: ({ given }) => sources[given ?? ""] ?? given ?? "" },
      { title: "For", value: ({ containers }) => containers.join(", ") },
    ],
    requested.variables.map((variable) => ({ ...variable })),
  );
}

const sources: Readonly<Record<string, string>> = {
  "": "nothing: optional",
  value: "what you gave",
  ref: "the vault",
  kept: "as before",
  default: "its default",
};

function targetName({ template }: Pick<TemplateAnswer, "template">): string | undefined {
  const target = template["target"];
  return typeof target === "object" && target !== null && "display_name" in target
    ? textOf(target["display_name"])
    : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function documentOf(answer: Omit<TemplateAnswer, "signature">): Json {
  const { template, validation, requested } = answer;
  return { template, validation: { ...validation }, requested: { ...requested } };
}

function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `"${name}"`;
}
