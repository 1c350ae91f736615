// A variable of the environment as the blueprint implies it: what it is called, who gets it, where its value comes from.

import type { Datatype, DisplayKind } from "./blueprint.ts";
import type { Origin } from "./environment-request.ts";
import type { Path } from "./raw-values.ts";
import { dotted } from "./words.ts";

/** What is asked of a person. */
export type Asked = {
  readonly secret: boolean;
  readonly datatype: Datatype;
  readonly optional: boolean;
  readonly default: string | undefined;
  readonly options: readonly string[];
  readonly description: string | undefined;
  readonly displayAs: DisplayKind | undefined;
};

export type VariableValue =
  /** What a person gave under the first of these names that has a value. `asked` is undefined for a further name of the same. */
  | { readonly kind: "given"; readonly names: readonly string[]; readonly asked: Asked | undefined }
  | { readonly kind: "fixed"; readonly value: string }
  /** What a person gave under the first of these names that has a value, else this; nobody is asked for it. */
  | { readonly kind: "preset"; readonly names: readonly string[]; readonly value: string }
  | { readonly kind: "host"; readonly workload: string }
  /** `scheme://login@host:port/database`; `host:port` without a scheme. */
  | {
      readonly kind: "address";
      readonly workload: string;
      readonly scheme: string | undefined;
      readonly port: number;
      readonly login: Login | undefined;
    }
  /** Made once and kept; a value that a person gives under one of these names goes before it. */
  | { readonly kind: "generated"; readonly names: readonly string[] }
  | { readonly kind: "gateway"; readonly part: "url" | "apiKey" }
  | { readonly kind: "model"; readonly entry: string; readonly options: readonly string[] };

/** How a store is signed in to. */
export type Login = {
  readonly user: VariableValue;
  readonly password: VariableValue;
  readonly database: VariableValue;
};

export type Variable = {
  readonly name: string;
  /** By name. */
  readonly workloads: readonly string[];
  /** The part of the file that implies it. */
  readonly path: Path;
  readonly value: VariableValue;
  /**
   * `derived` from entries, which must not contradict each other; `environment` as written for one container; `input`,
   * which goes before both; `gateway`, which goes before all.
   */
  readonly layer: "derived" | "environment" | "input" | "gateway";
  /** Variables of one name and one identity are the same one. */
  readonly identity: string;
};

/** Variables that one entry gives to some workloads, by name. */
export function derived(
  values: Readonly<Record<string, VariableValue>>,
  workloads: readonly string[],
  path: Path,
): Variable[] {
  return Object.entries(values).map(([name, value]) => ({
    name,
    workloads,
    path,
    value,
    layer: "derived",
    identity: dotted(path),
  }));
}

/** `{ section: "models", entry: "default" }` for whatever stands in that entry; `{ section: "agent.inputs" }` for the agent's. */
export function originOf(path: Path): Origin {
  const [first = "", second] = path.map(String);
  if (first === "agent" || first === "dev") return { section: second === undefined ? first : `${first}.${second}` };
  return second === undefined ? { section: first } : { section: first, entry: second };
}
