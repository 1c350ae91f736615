// Routes for the vault of an account. The value of a secret is in no answer, and no value is in the audit log.

import {
  deletedVariableSchema,
  setVariablesSchema,
  updateVariableSchema,
  variableResultsSchema,
  variableSchema,
  variablesSchema,
} from "../../contracts/agents-accounts.ts";
import type { StoredVariable } from "../../agents/variable-records.ts";
import {
  deleteVariable,
  getVariable,
  listVariables,
  setVariables,
  shownValue,
  updateVariable,
} from "../../agents/vault.ts";
import { authorOf, builders } from "../control/access.ts";
import { accountRoute, noBody, noQuery } from "../control/declared-route.ts";
import type { ControlServices } from "../control/services.ts";
import { isoTime } from "../control/shown-values.ts";

const tag = "Agents: vault";

export const variableRoutes = [
  accountRoute({
    method: "GET",
    path: "/api/v1/accounts/:account/variables",
    auth: builders,
    tag,
    summary: "List variables",
    description: "By name, at most 500. Plain variables with their values, secrets without.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: variablesSchema,
    handle: async ({ workspace, services }) => ({
      variables: await showAll(services, await listVariables(services.agents.vault, workspace.id)),
    }),
  }),
  accountRoute({
    method: "POST",
    path: "/api/v1/accounts/:account/variables",
    auth: builders,
    tag,
    summary: "Set variables",
    description: "Up to 200 at once; each is written or not by itself. Those that are there are overwritten.",
    query: noQuery,
    body: setVariablesSchema,
    status: 200,
    response: variableResultsSchema,
    handle: async ({ workspace, body, caller, services }) => {
      const variables = body.variables.map(({ description, ...variable }) => ({ ...variable, description }));
      const how = { overwrite: body.overwrite, by: authorOf(caller) };
      return { results: await setVariables(services.agents.vault, workspace.id, variables, how) };
    },
  }),
  accountRoute({
    method: "GET",
    path: "/api/v1/accounts/:account/variables/:variable",
    auth: builders,
    tag,
    summary: "Get a variable",
    query: noQuery,
    body: noBody,
    status: 200,
    response: variableSchema,
    handle: async ({ workspace, param, services }) =>
      show(services, await getVariable(services.agents.vault, workspace.id, param("variable"))),
  }),
  accountRoute({
    method: "PUT",
    path: "/api/v1/accounts/:account/variables/:variable",
    auth: builders,
    tag,
    summary: "Change a variable",
    description: "Deployments get a new value when they are deployed the next time.",
    query: noQuery,
    body: updateVariableSchema,
    status: 200,
    response: variableSchema,
    handle: async ({ workspace, param, body: { value, secret, description }, caller, services }) => {
      const update = { value, secret, description, by: authorOf(caller) };
      return show(services, await updateVariable(services.agents.vault, workspace.id, param("variable"), update));
    },
  }),
  accountRoute({
    method: "DELETE",
    path: "/api/v1/accounts/:account/variables/:variable",
    auth: builders,
    tag,
    summary: "Delete a variable",
    description: "Deployments that use it go on; they cannot be deployed again before it is there once more.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: deletedVariableSchema,
    handle: async ({ workspace, param, services }) => {
      const name = param("variable");
      const users = await services.agents.deployments.usersOfVariables(workspace.id, [name]);
      await deleteVariable(services.agents.vault, workspace.id, name);
      return { name, deleted: true as const, used_by: showUsers(users.get(name)) };
    },
  }),
];

async function show(services: ControlServices, variable: StoredVariable) {
  const { workspaceId, name } = variable;
  const users = await services.agents.deployments.usersOfVariables(workspaceId, [name]);
  return describe(services, variable, users);
}

async function showAll(services: ControlServices, variables: readonly StoredVariable[]) {
  const [first] = variables;
  if (first === undefined) return [];
  const names = variables.map(({ name }) => name);
  const users = await services.agents.deployments.usersOfVariables(first.workspaceId, names);
  return variables.map((variable) => describe(services, variable, users));
}

type Users = Awaited<ReturnType<ControlServices["agents"]["deployments"]["usersOfVariables"]>>;

function describe(services: ControlServices, variable: StoredVariable, users: Users) {
  const { name, secret, description, createdAt, updatedAt, updatedBy } = variable;
  const value = shownValue(services.agents.vault, variable);
  return {
    name,
    secret,
    description,
    ...(value === undefined ? {} : { value }),
    used_by: showUsers(users.get(name)),
    created_at: isoTime(createdAt),
    updated_at: isoTime(updatedAt),
    updated_by: updatedBy,
  };
}

function showUsers(users: readonly { readonly id: string; readonly name: string }[] = []) {
  return users.map(({ id, name }) => ({ deployment_id: id, name }));
}
