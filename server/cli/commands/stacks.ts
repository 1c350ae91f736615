// `astrolabe stacks ...`: the routing stacks of a workspace.

import { numberAt, stringAt } from "../../contracts/json.ts";
import type { CliAnswer, CliCall, CliCommand } from "../command.ts";
import { readAll } from "../control-client.ts";
import { textTable } from "../text-table.ts";
import { workspaceOf, workspaceOption } from "./workspace-option.ts";

export const stackCommands: readonly CliCommand[] = [
  {
    words: ["stacks", "list"],
    positionals: [],
    summary: "List routing stacks",
    options: { workspace: workspaceOption },
    run: listStacks,
  },
];

async function listStacks(call: CliCall): Promise<CliAnswer> {
  const data = await readAll(call.client(), `/api/workspaces/${await workspaceOf(call)}/stacks`);
  const columns = [
    { title: "slug" },
    { title: "kind" },
    { title: "status" },
    { title: "version", align: "right" as const },
    { title: "name" },
  ];
  const rows = data.map((stack) => [
    stringAt(stack, "slug") ?? "-",
    stringAt(stack, "kind") ?? "-",
    stringAt(stack, "status") ?? "-",
    numberAt(stack, "active_version")?.toString() ?? "-",
    stringAt(stack, "name") ?? "-",
  ]);
  return { json: { data }, lines: textTable(columns, rows) };
}
