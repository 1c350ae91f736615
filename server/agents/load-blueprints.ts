// The readers of astropods.yml, loaded when the first blueprint is looked at: until then the server does not need them.

import type { BlueprintReader } from "./deploy-services.ts";

export async function loadBlueprints(): Promise<BlueprintReader> {
  const [{ readBlueprint }, { requestedValues }, { generatedNames }, { resolveEnvironment }, { planWorkloads }] =
    await Promise.all([
      import("../../blueprint/read-blueprint.ts"),
      import("../../blueprint/requested-values.ts"),
      import("../../blueprint/store-variables.ts"),
      import("../../blueprint/resolve-environment.ts"),
      import("../../blueprint/plan-workloads.ts"),
    ]);
  return {
    // What counts is the name that a build is registered under; its text need not say one.
    read: (source) => readBlueprint(source, { fallbackName: "unnamed" }).blueprint,
    requestedValues,
    generatedNames,
    resolveEnvironment,
    planWorkloads,
  };
}
