// The environment of every container, out of a blueprint and what is known when it is about to run. Pure: the same
// request gives the same answer, on a developer's machine and for a deployment.

import { datatypeProblem } from "./datatypes.ts";
import { declareVariables } from "./declare-variables.ts";
import type { EnvironmentRequest, RequestedValue, ResolvedEnvironment } from "./environment-request.ts";
import { requestedOf } from "./requested-values.ts";
import { isGatewayEntry } from "./blueprint.ts";
import type { Asked, Variable, VariableValue } from "./variable.ts";
import { oneOf, quoted } from "./words.ts";
import { agentWorkload, ingestionWorkload, workloadNames } from "./workload-names.ts";

/** For an entry of the gateway without a list, when nobody chose. */
export const defaultModel = "claude-sonnet-4-6";

export function resolveEnvironment(request: EnvironmentRequest): ResolvedEnvironment {
  return new Resolver(request).resolve();
}

class Resolver {
  readonly #request: EnvironmentRequest;
  readonly #problems = new Map<string, string>();

  constructor(request: EnvironmentRequest) {
    this.#request = request;
  }

  resolve(): ResolvedEnvironment {
    const { blueprint, place, messaging, facts } = this.#request;
    const variables = declareVariables(blueprint, {
      place,
      messaging,
      given: (name) => this.#given([name]) !== undefined,
    });
    const users = new Set([agentWorkload, ...blueprint.ingestion.map(({ name }) => ingestionWorkload(name))]);
    const environments = new Map<string, Record<string, string>>();
    for (const name of workloadNames(blueprint, messaging)) environments.set(name, users.has(name) ? { ...facts } : {});
    for (const variable of variables) {
      const value = this.#valueOf(variable.name, variable.value);
      if (value === undefined) continue;
      for (const workload of variable.workloads) {
        const environment = environments.get(workload);
        if (environment !== undefined) environment[variable.name] = value;
      }
    }
    const requested = requestedOf(variables);
    this.#checkGiven(requested);
    this.#checkChoices();
    return {
      environments,
      missing: requested.filter((one) => this.#isMissing(one, variables)),
      problems: [...this.#problems].map(([name, message]) => ({ name, message })),
    };
  }

  /** The first that has a value; an empty text is none. */
  #given(names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = this.#request.values.get(name);
      if (value !== undefined && value !== "") return value;
    }
    return undefined;
  }

  #valueOf(name: string, value: VariableValue): string | undefined {
    switch (value.kind) {
      case "given":
        return this.#givenOrDefault(name, value.names, value.asked);
      case "fixed":
        return value.value;
      case "preset":
        return this.#given(value.names) ?? value.value;
      case "generated":
        return this.#generated(value.names);
      case "host":
        return this.#request.addresses(value.workload).host;
      case "address":
        return this.#address(value);
      case "gateway":
        return this.#gateway(name, value.part);
      case "model":
        return this.#model(name, value);
      default:
        return undefined;
    }
  }

  /** An empty text is a value where nothing has to be given: it takes a default away. */
  #givenOrDefault(name: string, names: readonly string[], asked: Asked | undefined): string | undefined {
    const given = this.#given(names);
    if (given !== undefined) return given;
    if (asked === undefined) return undefined;
    const emptied = this.#request.values.get(name) === "" && (asked.optional || asked.default !== undefined);
    return emptied ? "" : asked.default;
  }

  #generated(names: readonly string[]): string | undefined {
    const [exact = ""] = names;
    const value = this.#given(names) ?? this.#request.generated.get(exact);
    if (value === undefined) this.#problems.set(exact, `No value was made for ${quoted(exact)}.`);
    return value;
  }

  #address({ workload, scheme, port, login }: Extract<VariableValue, { kind: "address" }>): string {
    const { host } = this.#request.addresses(workload);
    const place = `${host.includes(":") ? `[${host}]` : host}:${port}`;
    if (scheme === undefined) return place;
    if (login === undefined) return `${scheme}://${place}`;
    const part = (value: VariableValue) => encodeURIComponent(this.#valueOf("", value) ?? "");
    return `${scheme}://${part(login.user)}:${part(login.password)}@${place}/${part(login.database)}`;
  }

  /** A pair of one's own counts only where none was given. */
  #gateway(name: string, part: "url" | "apiKey"): string | undefined {
    const value = this.#request.gateway?.[part] ?? this.#given([name]);
    if (value === undefined) {
      this.#problems.set(name, `The agent uses the gateway, and there is no value for ${quoted(name)}.`);
    }
    return value;
  }

  #model(name: string, { entry, options }: Extract<VariableValue, { kind: "model" }>): string {
    const { values, modelChoices, offeredModels, place } = this.#request;
    const allowed = options.length > 0 ? options : offeredModels;
    const written = values.get(name) === "" ? undefined : values.get(name);
    const chosen = modelChoices.get(entry) ?? written;
    const free = place === "local" && !modelChoices.has(entry);
    if (chosen !== undefined && allowed.length > 0 && !allowed.includes(chosen) && !free) {
      this.#problems.set(
        name,
        `${quoted(chosen)} is no choice for ${quoted(`models.${entry}`)}: choose ${oneOf(allowed.slice(0, 20))}.`,
      );
    }
    if (chosen !== undefined) return chosen;
    if (options[0] !== undefined) return options[0];
    return offeredModels.length === 0 || offeredModels.includes(defaultModel)
      ? defaultModel
      : (offeredModels[0] ?? defaultModel);
  }

  #checkChoices(): void {
    const entries = new Set(this.#request.blueprint.models.filter(isGatewayEntry).map(({ name }) => name));
    for (const entry of this.#request.modelChoices.keys()) {
      if (entries.has(entry)) continue;
      this.#problems.set(entry, `There is no model entry ${quoted(entry)} of the gateway to choose a model for.`);
    }
  }

  /** Values are never said: they may be secrets that were put into the wrong place. */
  #checkGiven(requested: readonly RequestedValue[]): void {
    for (const { name, datatype, displayAs, options = [] } of requested) {
      const value = this.#given([name]);
      if (value === undefined) continue;
      const problem = value.includes("\0") ? "must not hold a NUL character" : datatypeProblem(datatype, value);
      if (problem !== undefined) this.#problems.set(name, `${quoted(name)} ${problem}.`);
      if (displayAs === "select" && !options.includes(value)) {
        this.#problems.set(name, `${quoted(name)} must be ${oneOf(options.slice(0, 20))}.`);
      }
    }
  }

  #isMissing({ name }: RequestedValue, variables: readonly Variable[]): boolean {
    return variables.some(
      ({ name: other, value }) =>
        other === name &&
        value.kind === "given" &&
        value.asked !== undefined &&
        !value.asked.optional &&
        (this.#givenOrDefault(name, value.names, value.asked) ?? "") === "" &&
        !(value.asked.default !== undefined && this.#request.values.get(name) === ""),
    );
  }
}
