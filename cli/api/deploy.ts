// Deploying in two calls: a template that the server checks and signs, and the signed template sent back.

import { z } from "zod";
import type { Json, JsonObject } from "../../server/contracts/json.ts";
import { Problem } from "../problem.ts";
import type { Api } from "./api.ts";
import { blueprintOf } from "./blueprints.ts";
import { apiPath } from "./http-client.ts";

const fieldSchema = z.object({ field: z.string(), message: z.string() });
const templateAnswerSchema = z.object({
  template: z.record(z.string(), z.json()),
  validation: z.object({
    valid: z.boolean(),
    errors: z.array(fieldSchema).default([]),
    warnings: z.array(fieldSchema).default([]),
  }),
  requested: z
    .object({
      variables: z.array(
        z.object({
          name: z.string(),
          secret: z.boolean(),
          optional: z.boolean(),
          default: z.string().nullish(),
          options: z.array(z.string()).default([]),
          description: z.string().nullish(),
          containers: z.array(z.string()).default([]),
          given: z.string().nullish(),
        }),
      ),
      models: z.array(z.object({ name: z.string(), options: z.array(z.string()), chosen: z.string() })).default([]),
      schedules: z.array(z.string()).default([]),
    })
    .default({ variables: [], models: [], schedules: [] }),
  signature: z.string().optional(),
});
const deployedSchema = z.object({
  status: z.string(),
  deployment_id: z.string(),
  name: z.string(),
  build_id: z.string(),
  revision: z.number().optional(),
});

export type TemplateAnswer = z.output<typeof templateAnswerSchema>;
export type RequestedVariable = TemplateAnswer["requested"]["variables"][number];
export type Deployed = z.output<typeof deployedSchema>;

/** @param blueprint `name`, or `@account/name` for one that another account shows to all. */
export async function askForTemplate(api: Api, blueprint: string, request: JsonObject): Promise<TemplateAnswer> {
  const account = await api.account();
  const { account: from, name } = await blueprintOf(api, blueprint);
  return api.read(templateAnswerSchema, "POST", apiPath`/api/v1/agents/${from}/${name}/deployment-template`, {
    body: { ...request, ...(from !== account && { account }) },
  });
}

/** @param displayName absent: as the template says. @throws Problem also for a template that is not signed */
export async function deployTemplate(
  api: Api,
  { template, signature }: TemplateAnswer,
  displayName: string | undefined,
): Promise<{ readonly deployed: Deployed; readonly document: Json }> {
  if (signature === undefined) throw new Problem("failed", "The server did not sign the template.");
  const target = z.record(z.string(), z.json()).catch({}).parse(template["target"]);
  const body = displayName === undefined ? template : { ...template, target: { ...target, display_name: displayName } };
  const headers = { "x-template-signature": signature };
  const document = await api.send("POST", "/api/v1/deploy", { body, headers });
  return { document, deployed: api.parse(deployedSchema, document, "the deployment") };
}
