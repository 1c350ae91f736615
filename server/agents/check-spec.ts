// What is wrong with the text of astropods.yml that is registered, and what is only doubtful. The reader is loaded at the
// first push: a server without agents never needs it.

import type { Blueprint } from "../../blueprint/blueprint.ts";
import type { Diagnostic } from "../../blueprint/diagnostic.ts";
import type { ShownDiagnostic } from "../contracts/agents-limits.ts";

/** Doubtful in a file, wrong in the registry: it would hand a secret to whoever may read the blueprint. */
const refusedHere: ReadonlySet<string> = new Set(["secret-default"]);

/** @param name of the blueprint that it is registered as; stands in for one that the text does not say. */
export async function checkSpec(source: string, name: string): Promise<readonly ShownDiagnostic[]> {
  const { readBlueprint } = await import("../../blueprint/read-blueprint.ts");
  const { blueprint, diagnostics } = readBlueprint(source, { fallbackName: name });
  const shown = diagnostics.map(shownDiagnostic);
  return blueprint === undefined ? shown : [...shown, ...registryProblems(blueprint)];
}

function shownDiagnostic({ severity, code, path, message, hint, line, column }: Diagnostic): ShownDiagnostic {
  const judged = refusedHere.has(code) ? "error" : severity;
  return { severity: judged, code, path, message, ...(hint === undefined ? {} : { hint }), line, column };
}

function registryProblems({ scope, agent, models, knowledge, integrations, ingestion }: Blueprint): ShownDiagnostic[] {
  const containers = [...models, ...knowledge, ...integrations].flatMap(({ name, kind }) =>
    kind.kind === "container" ? [{ name, source: kind.container.source }] : [],
  );
  const jobs = ingestion.map(({ name, container }) => ({ name, source: container.source }));
  const unbuilt = [{ name: "agent", source: agent.source }, ...containers, ...jobs].filter(
    ({ source }) => source.kind === "build",
  );
  return [
    ...(scope === undefined
      ? []
      : [problem("name-scoped", "name", `The name says its account, @${scope}.`, "Leave it out: the path says it.")]),
    ...unbuilt.map(({ name }) =>
      problem("build-left", name, `${name} is to be built.`, "`ast push` builds it and puts the image in its place."),
    ),
  ];
}

function problem(code: string, path: string, message: string, hint: string): ShownDiagnostic {
  return { severity: "error", code, path, message, hint, line: 1, column: 1 };
}
