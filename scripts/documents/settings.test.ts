// The documented settings against what the server reads: names, defaults and limits.

import { describe, expect, test } from "bun:test";
import { runtimeSettings } from "../run-bun.mjs";
import { readConfig, type Environment } from "../../server/config.ts";
import { settingGroups, type Range, type Setting } from "./settings.ts";

const all = settingGroups.flatMap(({ settings }) => settings);
const ofServer = settingGroups
  .filter(({ title }) => !["Upstreams", "Amazon Bedrock", "First start", "Bun"].includes(title))
  .flatMap(({ settings }) => settings);

/** Every name that is looked up while a configuration with all kinds of upstreams is read. */
function namesRead(): Set<string> {
  const given: Environment = {
    OPENROUTER_API_KEY: "key",
    OPENAI_API_KEY: "key",
    ANTHROPIC_API_KEY: "key",
    GEMINI_API_KEY: "key",
    AZURE_OPENAI_API_KEY: "key",
    AZURE_OPENAI_ENDPOINT: "https://resource.openai.azure.com",
    AZURE_OPENAI_DEPLOYMENTS: "openai/gpt-5.4=deployment",
    AWS_BEARER_TOKEN_BEDROCK: "key",
    AWS_REGION: "us-east-1",
    ASTROLABE_UPSTREAMS: "elsewhere",
    ELSEWHERE_BASE_URL: "https://models.example.com/v1",
    ASTROLABE_OIDC_WORK_ISSUER: "https://login.example.com",
    ASTROLABE_OIDC_WORK_CLIENT_ID: "id",
  };
  const names = new Set<string>();
  readConfig(
    new Proxy(given, {
      get: (target, name) => {
        names.add(String(name));
        return target[String(name)];
      },
    }),
  );
  return names;
}

function rangesOf(settings: readonly Setting[]): { name: string; range: Range }[] {
  return settings.flatMap(({ name, accepts }) => (typeof accepts === "string" ? [] : [{ name, range: accepts }]));
}

describe("the documented settings", () => {
  test("are the variables that the server and its start read, each once", () => {
    const ofUpstream =
      /^(?:OPENROUTER|OPENAI|ANTHROPIC|GEMINI|AZURE_OPENAI|ELSEWHERE)_(?!ENDPOINT|DEPLOYMENTS|API_VERSION)/;
    const inWords = (name: string) => name.replace(ofUpstream, "<NAME>_").replace("_OIDC_WORK_", "_OIDC_<NAME>_");
    const read = new Set([...namesRead()].map(inWords));
    const documented = all.map(({ name }) => name);
    expect(documented.toSorted()).toEqual([...read, ...Object.keys(runtimeSettings)].toSorted());
  });

  test("have the defaults that hold when nothing is set", () => {
    const preset = ofServer.flatMap(({ name, preset: value }) => (value === undefined ? [] : [[name, value] as const]));
    expect(preset.length).toBeGreaterThan(10);
    expect(readConfig(Object.fromEntries(preset))).toEqual(readConfig({}));
    for (const { name, preset: value } of all) {
      if (name in runtimeSettings) expect(Object.entries(runtimeSettings)).toContainEqual([name, value ?? ""]);
    }
  });

  test("accept both ends of their ranges and nothing beyond", () => {
    const ranges = rangesOf(all);
    expect(ranges.length).toBeGreaterThan(8);
    for (const { name, range } of ranges) {
      for (const value of [range.least, range.most]) readConfig({ [name]: String(value) });
      for (const value of [range.least - 1, range.most + 1]) {
        expect(() => readConfig({ [name]: String(value) }), `${name}=${value}`).toThrow(name);
      }
    }
  });
});
