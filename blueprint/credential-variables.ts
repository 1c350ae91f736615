// The variables that providers ask people for: credentials of built-in ones, and whatever custom ones declare.

import type { Blueprint, Component, ComponentSection, Input } from "./blueprint.ts";
import { builtInProvider } from "./providers.ts";
import type { Asked, Variable } from "./variable.ts";
import { prefixesOf } from "./variable-prefixes.ts";

type Use = {
  readonly section: ComponentSection;
  readonly entry: Component;
  /** As the provider itself is called. */
  readonly provider: string;
  /** What follows the prefix in each variable, and how it is asked for. */
  readonly wanted: readonly { readonly suffix: string; readonly asked: Asked }[];
};

export function credentialVariables(blueprint: Blueprint, workloads: readonly string[]): Variable[] {
  const uses = providerUses(blueprint);
  const providers = [...new Set(uses.map(({ provider }) => provider))];
  return providers.flatMap((provider) => {
    const same = uses.filter((use) => use.provider === provider);
    const prefixes = prefixesOf(
      provider,
      same.map(({ entry }) => entry.name),
    );
    return same.flatMap((use) => variablesOf(use, prefixes.get(use.entry.name) ?? [], workloads));
  });
}

/** Under two prefixes it is one credential, given under either name and asked for under the more exact one. */
function variablesOf(use: Use, prefixes: readonly string[], workloads: readonly string[]): Variable[] {
  const { section, entry, provider, wanted } = use;
  return wanted.flatMap(({ suffix, asked }) => {
    const names = prefixes.map((prefix) => `${prefix}_${suffix}`);
    return names.map((name, index) => ({
      name,
      workloads,
      path: [section, entry.name],
      value: {
        kind: "given",
        names: [name, ...names.filter((other) => other !== name)],
        asked: index === 0 ? asked : undefined,
      },
      layer: "derived",
      identity: `${provider}/${entry.name}/${suffix}`,
    }));
  });
}

function providerUses(blueprint: Blueprint): Use[] {
  const sections = ["models", "knowledge", "integrations"] as const;
  return sections.flatMap((section) => blueprint[section].flatMap((entry) => useOf(blueprint, section, entry) ?? []));
}

/** Undefined for what asks nobody for anything: containers, stores, the gateway, unknown providers. */
function useOf(blueprint: Blueprint, section: ComponentSection, entry: Component): Use | undefined {
  const { kind } = entry;
  if (kind.kind !== "provider") return undefined;
  const builtIn = builtInProvider(section, kind.provider);
  if (builtIn?.kind === "cloud") {
    const { name, suffix, description } = builtIn;
    return { section, entry, provider: name, wanted: [{ suffix, asked: { ...secretText, description } }] };
  }
  const custom = blueprint.providers.find(({ name }) => name === kind.provider);
  if (custom === undefined || builtIn !== undefined || !custom.scope.includes(section)) return undefined;
  const wanted = custom.variables.map((input) => ({ suffix: input.name, asked: askedBy(input) }));
  return { section, entry, provider: custom.name, wanted };
}

const secretText: Asked = {
  secret: true,
  datatype: "string",
  optional: false,
  default: undefined,
  options: [],
  description: undefined,
  displayAs: undefined,
};

export function askedBy(input: Input): Asked {
  const { secret, datatype, optional, options, description, displayAs } = input;
  return { secret, datatype, optional, default: input.default, options, description, displayAs };
}
