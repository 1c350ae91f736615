// docs/reference/settings.md: the environment variables.

import { code, pageHead, table } from "./markdown.ts";
import { bedrockSettings } from "./settings-bedrock.ts";
import { settingGroups, upstreamSettings, type Setting } from "./settings.ts";

export function settingsPage(): string {
  const sections = settingGroups.map(({ title, settings }) => `## ${title}\n\n${settingTable(settings)}\n`);
  return [pageHead("Settings", "scripts/documents/settings.ts", introduction), ...sections].join("\n");
}

/** The variables of upstreams, as their guide shows them. */
export function upstreamSettingTable(): string {
  return settingTable(upstreamSettings.settings);
}

/** The variables of Amazon Bedrock, as their guide shows them. */
export function bedrockSettingTable(): string {
  return settingTable(bedrockSettings.settings);
}

function settingTable(settings: readonly Setting[]): string {
  const rows = settings.map(({ name, preset, accepts, meaning }) => [
    code(name),
    preset === undefined ? "" : code(preset),
    accepted(accepts),
    meaning,
  ]);
  return table(["Variable", "Default", "Accepts", "Meaning"], rows);
}

function accepted(accepts: Setting["accepts"]): string {
  if (typeof accepts === "string") return accepts;
  return `${accepts.least.toLocaleString("en-US")} to ${accepts.most.toLocaleString("en-US")}`;
}

const introduction = `Everything is set in the environment, is read once at start, and has a default that works. A value that is not accepted
stops the start with a sentence that names the variable. Those named \`INIT\` count at the first start only. In names of
upstreams \`<NAME>\` is the upstream's name in capitals, with underscores for hyphens.`;
