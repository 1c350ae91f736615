// Deploys a blueprint: asks for what its file asks for, lets the server check it, and sends what the server signed.

import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { z } from "zod";
import type {
  deployAnswerSchema,
  TemplateRequest,
  templateAnswerSchema,
} from "../../../../server/contracts/agents-deployments.ts";
import { ApiError } from "../../api/api-error.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange, useItem } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { Marked } from "../../ui/marked.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Select } from "../../ui/select.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { toast } from "../../ui/toast.tsx";
import { accountPath, blueprintPath, type Variables } from "./blueprint.ts";
import { DeployVariables, type GivenValues } from "./deploy-variables.tsx";
import { deploymentsPath } from "./deployment.ts";

type TemplateAnswer = z.output<typeof templateAnswerSchema>;
type DeployAnswer = z.output<typeof deployAnswerSchema>;

export type DeployDialogProps = { readonly blueprint: string; readonly onClose: () => void };

export function DeployDialog({ blueprint, onClose }: DeployDialogProps) {
  const { id: workspaceId } = useWorkspace();
  const path = `${blueprintPath(workspaceId, blueprint)}/deployment-template`;
  const asked = useAsked(path);
  const { item: kept, error } = useItem<Variables>(`${accountPath(workspaceId)}/variables`);
  const isReady = asked.answer !== undefined && (kept !== undefined || error !== undefined);
  return (
    <Dialog open onClose={onClose} title={`Deploy “${blueprint}”`}>
      {asked.problem !== undefined && <ErrorState error={asked.problem} onRetry={asked.ask} />}
      {asked.problem === undefined && !isReady && <Skeleton className="h-40 w-full" />}
      {asked.answer !== undefined && isReady && (
        <DeployForm
          path={path}
          answer={asked.answer}
          kept={kept?.variables.map(({ name }) => name) ?? []}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

/** What the newest build asks for. It is a POST, since it is the same call that a form's values go into. */
function useAsked(path: string) {
  const ask = useChange(() => fetchApi<TemplateAnswer>("POST", path, { body: {} }), []);
  const [begun, setBegun] = useState(false);
  if (!begun) {
    setBegun(true);
    queueMicrotask(() => ask.mutate(undefined));
  }
  return { answer: ask.data, problem: ask.problem, ask: () => ask.mutate(undefined) };
}

const accessChoices = [
  { value: "members", label: "Members of this workspace" },
  { value: "public", label: "Everybody" },
  { value: "none", label: "Nobody from outside" },
] as const;
type Access = (typeof accessChoices)[number]["value"];

const interfacesOf: Readonly<Record<Access, NonNullable<TemplateRequest["interfaces"]>>> = {
  members: { adapters: ["web"], auth: { web: { type: "oidc" } } },
  public: { adapters: ["web"] },
  none: { adapters: [] },
};

type DeployFormProps = {
  readonly path: string;
  readonly answer: TemplateAnswer;
  /** Names in the vault. */
  readonly kept: readonly string[];
  readonly onClose: () => void;
};

function DeployForm({ path, answer, kept, onClose }: DeployFormProps) {
  const { id: workspaceId } = useWorkspace();
  const navigate = useNavigate();
  const { requested, template, validation } = answer;
  const [name, setName] = useState(template.target.display_name);
  const [access, setAccess] = useState<Access>("members");
  const [values, setValues] = useState<GivenValues>(() => keptValues(requested.variables, kept));
  const [models, setModels] = useState<Chosen>({});
  const [schedules, setSchedules] = useState<Chosen>({});
  const deploy = useChange(
    () =>
      deployNow(path, name, {
        build: template.build_id,
        interfaces: interfacesOf[access],
        variables: values,
        models,
        schedules,
      }),
    [deploymentsPath],
    ({ deployment_id: deployment }) => {
      toast.done(`“${name}” is on its way.`);
      void navigate({ to: "/w/$workspaceId/agents/$deployment", params: { workspaceId, deployment } });
    },
  );
  return (
    <Form
      problem={deploy.problem}
      onSubmit={() => deploy.mutate(undefined)}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" pending={deploy.isPending}>
            Deploy
          </Button>
        </>
      }
    >
      {validation.warnings.map(({ field, message }) => (
        <Notice key={field + message} tone="brass">
          <Marked text={message} />
        </Notice>
      ))}
      <Field label="Name" name="target.display_name" required>
        <Input autoFocus value={name} onChange={({ target }) => setName(target.value)} />
      </Field>
      <Field label="Who may open it" name="interfaces">
        <Select value={access} choices={accessChoices} onValue={setAccess} />
      </Field>
      <ModelFields requested={requested.models} models={models} onModels={setModels} />
      <DeployVariables requested={requested.variables} kept={kept} values={values} onValues={setValues} />
      <ScheduleFields jobs={requested.schedules} schedules={schedules} onSchedules={setSchedules} />
    </Form>
  );
}

/** What the vault has under the very name that is asked for. */
function keptValues(requested: TemplateAnswer["requested"]["variables"], kept: readonly string[]): GivenValues {
  const wanted = requested.filter(({ name, default: usual }) => usual === null && kept.includes(name));
  return Object.fromEntries(wanted.map(({ name }) => [name, { ref: name }]));
}

type Chosen = Readonly<Record<string, string>>;

type ModelFieldsProps = {
  readonly requested: TemplateAnswer["requested"]["models"];
  readonly models: Chosen;
  readonly onModels: (models: Chosen) => void;
};

function ModelFields({ requested, models, onModels }: ModelFieldsProps) {
  return requested.map((entry) => (
    <Field key={entry.name} label={`Model ${entry.name}`} name={`models.${entry.name}`}>
      <Select
        value={models[entry.name] ?? entry.chosen}
        choices={entry.options.map((value) => ({ value, label: value }))}
        onValue={(model) => onModels({ ...models, [entry.name]: model })}
      />
    </Field>
  ));
}

type ScheduleFieldsProps = {
  readonly jobs: readonly string[];
  readonly schedules: Chosen;
  readonly onSchedules: (schedules: Chosen) => void;
};

function ScheduleFields({ jobs, schedules, onSchedules }: ScheduleFieldsProps) {
  return jobs.map((job) => (
    <Field
      key={job}
      label={`When ${job} runs`}
      name={`schedules.${job}`}
      required
      hint="Minute, hour, day, month, weekday, in UTC: 0 6 * * 1 is Mondays at six."
    >
      <Input
        figures
        value={schedules[job] ?? ""}
        onChange={({ target }) => onSchedules({ ...schedules, [job]: target.value })}
      />
    </Field>
  ));
}

/** @throws ApiError with a problem for each field that the server does not accept */
async function deployNow(path: string, name: string, request: TemplateRequest): Promise<DeployAnswer> {
  const answer = await fetchApi<TemplateAnswer>("POST", path, { body: { ...request, finalize: true } });
  const { template, validation, signature = "" } = answer;
  if (!validation.valid) {
    throw new ApiError(400, {
      code: "invalid_request",
      message: "Some of it is missing or wrong.",
      details: { problems: validation.errors.map(({ field, message }) => ({ param: field, message })) },
    });
  }
  return fetchApi<DeployAnswer>("POST", "/api/v1/deploy", {
    body: { ...template, target: { ...template.target, display_name: name } },
    headers: { "x-template-signature": signature },
  });
}
