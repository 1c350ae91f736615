// Every page and every block of a page that is written from the source. To add one, add a line to `pages` or `blocks`.

import { join } from "node:path";
import { format } from "prettier";
import { sandboxTriggerTable } from "../../server/providers/sandbox/triggers.ts";
import { blueprintPage, blueprintSchemaFile } from "./blueprint-page.ts";
import { astPage } from "./ast-page.ts";
import { commandTable } from "./commands-block.ts";
import { errorsPage } from "./errors-page.ts";
import { eventsPage } from "./events-page.ts";
import { guaranteedHeaderTable, headersPage } from "./headers-page.ts";
import { managedStacksPage, managedStackTable } from "./managed-stacks-page.ts";
import { modelsPage } from "./models-page.ts";
import { controlRouteTable, openApiFile } from "./openapi-file.ts";
import { overridesPage } from "./overrides-page.ts";
import { policyPage, policySchemaFile } from "./policy-page.ts";
import { bedrockSettingTable, settingsPage, upstreamSettingTable } from "./settings-page.ts";
import { verificationPage } from "./verification-page.ts";

type GeneratedPage = { readonly path: string; readonly render: () => string };

/** Replaces what stands between `<!-- generated:NAME -->` and `<!-- /generated -->` in a page written by hand. */
type GeneratedBlock = GeneratedPage & { readonly name: string };

const pages: readonly GeneratedPage[] = [
  { path: "docs/reference/ast.md", render: astPage },
  { path: "docs/reference/astropods-yml.md", render: blueprintPage },
  { path: "docs/reference/astropods.schema.json", render: blueprintSchemaFile },
  { path: "docs/reference/errors.md", render: errorsPage },
  { path: "docs/reference/events.md", render: eventsPage },
  { path: "docs/reference/headers.md", render: headersPage },
  { path: "docs/reference/managed-stacks.md", render: managedStacksPage },
  { path: "docs/reference/models.md", render: modelsPage },
  { path: "docs/reference/openapi.json", render: openApiFile },
  { path: "docs/reference/request-overrides.md", render: overridesPage },
  { path: "docs/reference/settings.md", render: settingsPage },
  { path: "docs/reference/stack-policy.md", render: policyPage },
  { path: "docs/reference/policy.schema.json", render: policySchemaFile },
  { path: "docs/reference/verification.md", render: verificationPage },
];

const blocks: readonly GeneratedBlock[] = [
  { path: "README.md", name: "guaranteed-headers", render: guaranteedHeaderTable },
  { path: "docs/guides/operating.md", name: "commands", render: commandTable },
  { path: "docs/guides/operating.md", name: "control-routes", render: controlRouteTable },
  { path: "docs/guides/stacks.md", name: "managed-stacks", render: managedStackTable },
  { path: "docs/guides/upstreams.md", name: "upstream-settings", render: upstreamSettingTable },
  { path: "docs/guides/upstreams.md", name: "bedrock-settings", render: bedrockSettingTable },
  { path: "docs/sandbox.md", name: "sandbox-triggers", render: sandboxTriggerTable },
];

/**
 * The path and the text of every generated file, as it should be.
 * @throws Error when a page lacks the markers of its block.
 */
export async function generatedFiles(root: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const page of pages) files.set(page.path, page.render());
  for (const block of blocks) {
    const before = files.get(block.path) ?? (await Bun.file(join(root, block.path)).text());
    files.set(block.path, withBlock(before, block));
  }
  for (const [path, text] of files) files.set(path, await format(text, { filepath: path, printWidth: 120 }));
  return files;
}

function withBlock(text: string, { path, name, render }: GeneratedBlock): string {
  const open = `<!-- generated:${name} -->`;
  const start = text.indexOf(open);
  const end = text.indexOf("<!-- /generated -->", start);
  if (start < 0 || end < 0) throw new Error(`${path} has no block ${open} ... <!-- /generated -->`);
  return `${text.slice(0, start + open.length)}\n\n${render()}\n\n${text.slice(end)}`;
}
