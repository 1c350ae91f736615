// Rules about entries of models, knowledge and integrations: a provider or a container, and which provider may stand where.

import { gatewayProvider, sameProvider, type ComponentSection } from "../blueprint.ts";
import type { Findings } from "../findings.ts";
import { nearest } from "../nearest.ts";
import { builtInProvider, providerNames } from "../providers.ts";
import { entriesAt, listAt, mappingAt, textAt, type Path, type RawMapping } from "../raw-values.ts";
import { allOf, named, quoted } from "../words.ts";

export const componentSections: readonly ComponentSection[] = ["models", "knowledge", "integrations"];

export function checkComponents(root: unknown, findings: Findings): void {
  const custom = mappingAt(root, ["providers"]) ?? {};
  for (const section of componentSections) {
    for (const { path, value } of entriesAt(root, [section])) {
      const entry = mappingAt(value, []);
      if (entry === undefined) continue;
      checkKind(entry, path, findings);
      checkProvider({ root, section, path, custom }, findings);
      if (section === "models") checkModels(entry, path, findings);
    }
  }
  checkGatewayForms(root, findings);
}

function checkKind(entry: RawMapping, path: Path, findings: Findings): void {
  const provider = Object.hasOwn(entry, "provider");
  const container = Object.hasOwn(entry, "container");
  if (provider && container) {
    findings.error({
      code: "provider-and-container",
      path: [...path, "container"],
      message: `${named(path)} has both \`provider\` and \`container\`.`,
      hint: "Keep `provider` to use what is offered, `container` to run one of your own.",
      aim: "key",
    });
  }
  if (!provider && !container) {
    findings.error({
      code: "provider-or-container",
      path,
      message: `${named(path)} says neither \`provider\` nor \`container\`.`,
      hint: `Add \`provider:\` with a name such as ${quoted(providerNames(sectionOf(path))[0] ?? "")}, or \`container:\` with an image.`,
      aim: "key",
    });
  }
}

function sectionOf(path: Path): ComponentSection {
  return componentSections.find((section) => section === path[0]) ?? "models";
}

type Use = {
  readonly root: unknown;
  readonly section: ComponentSection;
  readonly path: Path;
  readonly custom: RawMapping;
};

function checkProvider({ root, section, path, custom }: Use, findings: Findings): void {
  const at = [...path, "provider"];
  const provider = textAt(root, at);
  if (provider === undefined || provider === "") return;
  if (section === "models" && sameProvider(provider, gatewayProvider)) return;
  if (Object.hasOwn(custom, provider)) {
    checkScope(listAt(custom, [provider, "scope"]), provider, section, at, findings);
    return;
  }
  if (builtInProvider(section, provider) !== undefined) return;
  const elsewhere = componentSections.find((other) => providerNames(other).includes(provider.toLowerCase()));
  if (elsewhere !== undefined) {
    findings.warning({
      code: "provider-section",
      path: at,
      message: `${quoted(provider)} is a provider of \`${elsewhere}\`, and does nothing under \`${section}\`.`,
      hint: `Move the entry under \`${elsewhere}\`.`,
      aim: "value",
    });
    return;
  }
  const close = nearest(provider, [...Object.keys(custom), ...providerNames(section)]);
  const local =
    provider.toLowerCase() === "ollama"
      ? "Run it as a container: `container: { image: ollama/ollama:latest, port: 11434, volume: /root/.ollama }`."
      : undefined;
  const declare = `Declare it under \`providers\` to have its variables asked for; built in are ${allOf(providerNames(section))}.`;
  findings.warning({
    code: "provider-unknown",
    path: at,
    message: `There is no provider ${quoted(provider)}: no variable is set for this entry.`,
    hint: local ?? (close === undefined ? declare : `Did you mean ${quoted(close)}?`),
    aim: "value",
  });
}

function checkScope(scope: readonly unknown[], provider: string, section: string, at: Path, findings: Findings): void {
  const sound = scope.length > 0 && scope.every((one) => componentSections.some((known) => known === one));
  if (!sound || scope.includes(section)) return;
  findings.error({
    code: "provider-scope",
    path: at,
    message: `The provider ${quoted(provider)} is not for \`${section}\`.`,
    hint: `Add \`${section}\` to ${quoted(`providers.${provider}.scope`)}, or move the entry.`,
    aim: "value",
  });
}

function checkModels(entry: RawMapping, path: Path, findings: Findings): void {
  const single = Object.hasOwn(entry, "model");
  const several = Object.hasOwn(entry, "models");
  if (single && several) {
    findings.error({
      code: "model-and-models",
      path: [...path, "model"],
      message: `${named(path)} has both \`model\` and \`models\`.`,
      hint: "Keep `models`, with the default first.",
      aim: "key",
    });
    return;
  }
  const provider = textAt(entry, ["provider"]);
  const gateway = provider !== undefined && sameProvider(provider, gatewayProvider);
  const key = several ? "models" : "model";
  if (single && gateway) {
    findings.warning({
      code: "model-deprecated",
      path: [...path, "model"],
      message: "`model` is deprecated.",
      hint: `Write a list: \`models: [${textAt(entry, ["model"]) ?? ""}]\`.`,
      aim: "key",
    });
  }
  if ((single || several) && provider !== undefined && !gateway) {
    findings.warning({
      code: "models-unused",
      path: [...path, key],
      message: `\`${key}\` has no effect for the provider ${quoted(provider)}: the agent's code says which model it calls.`,
      hint: "It is read for `provider: gateway`. Remove the line.",
      aim: "key",
    });
  }
}

function checkGatewayForms(root: unknown, findings: Findings): void {
  const path = ["agent", "astro_ai_gateway"];
  if (mappingAt(root, ["agent"])?.["astro_ai_gateway"] !== true) return;
  const entry = entriesAt(root, ["models"]).find(({ value }) =>
    sameProvider(textAt(value, ["provider"]) ?? "", gatewayProvider),
  );
  if (entry !== undefined) {
    findings.error({
      code: "gateway-twice",
      path,
      message: `The gateway is asked for twice: here and by ${named(entry.path)}.`,
      hint: "Keep the model entry and remove this line.",
      aim: "key",
    });
    return;
  }
  findings.warning({
    code: "gateway-boolean",
    path,
    message: "`agent.astro_ai_gateway` works, and is deprecated.",
    hint: "A model entry also lets the model be chosen at deploy time: `models: { default: { provider: gateway, models: [claude-sonnet-4-6] } }`.",
    aim: "key",
  });
}
