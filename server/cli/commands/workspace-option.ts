// What several commands share: the workspace they are about.

import { stringAt } from "../../contracts/json.ts";
import type { CliCall, CliOption } from "../command.ts";
import { CliFailure, readAll } from "../control-client.ts";

export const workspaceOption: CliOption = {
  type: "string",
  placeholder: "<id>",
  summary: "The workspace (default: the only one there is)",
};

/** @throws CliFailure when none was named and there is not exactly one */
export async function workspaceOf(call: CliCall): Promise<string> {
  const named = call.text("workspace");
  if (named !== undefined) return encodeURIComponent(named);
  const workspaces = await readAll(call.client(), "/api/workspaces");
  const [only, another] = workspaces.map((workspace) => stringAt(workspace, "id"));
  if (only !== undefined && another === undefined) return only;
  if (only === undefined) throw new CliFailure("There is no workspace yet.");
  const names = workspaces.map((workspace) => `  ${stringAt(workspace, "id")}  ${stringAt(workspace, "name")}`);
  throw new CliFailure(`There are several workspaces; name one with --workspace:\n${names.slice(0, 20).join("\n")}`);
}
