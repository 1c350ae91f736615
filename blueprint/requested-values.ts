// What people have to give before an agent runs: every credential and every input once, with the containers that get it.

import type { Blueprint } from "./blueprint.ts";
import { declareVariables } from "./declare-variables.ts";
import type { MessagingService, Place, RequestedValue } from "./environment-request.ts";
import type { Path } from "./raw-values.ts";
import { originOf, type Asked, type Variable } from "./variable.ts";

export type RequestedFor = {
  /** By default `deployed`. */
  readonly place?: Place;
  /** By default none. */
  readonly messaging?: MessagingService | undefined;
};

/** In the order of credentials first, then inputs, each as the file has them. */
export function requestedValues(blueprint: Blueprint, options: RequestedFor = {}): readonly RequestedValue[] {
  const { place = "deployed", messaging } = options;
  return requestedOf(declareVariables(blueprint, { place, messaging, given: () => false }));
}

/** One for each name, however often it is asked for. */
export function requestedOf(variables: readonly Variable[]): RequestedValue[] {
  const byName = new Map<string, RequestedValue>();
  for (const { name, path, workloads, value } of variables) {
    if (value.kind !== "given" || value.asked === undefined) continue;
    const one = requested(name, value.asked, path, workloads);
    const other = byName.get(name);
    byName.set(name, other === undefined ? one : merged(other, one));
  }
  return [...byName.values()];
}

function requested(name: string, asked: Asked, path: Path, containers: readonly string[]): RequestedValue {
  const { secret, datatype, optional, options, description, displayAs } = asked;
  return {
    name,
    secret,
    datatype,
    optional,
    ...(asked.default === undefined ? {} : { default: asked.default }),
    ...(options.length === 0 ? {} : { options }),
    ...(description === undefined ? {} : { description }),
    ...(displayAs === undefined ? {} : { displayAs }),
    from: originOf(path),
    containers,
  };
}

/** The stricter of both: to be given, without a default, where one cannot do without; hidden where one hides it. */
function merged(one: RequestedValue, other: RequestedValue): RequestedValue {
  const { default: preset, ...rest } = { ...other, ...one };
  const needed = isNeeded(one) || isNeeded(other);
  return {
    ...rest,
    ...(needed || preset === undefined ? {} : { default: preset }),
    secret: one.secret || other.secret,
    optional: one.optional && other.optional,
    containers: [...new Set([...one.containers, ...other.containers])],
  };
}

function isNeeded({ optional, default: preset }: RequestedValue): boolean {
  return !optional && preset === undefined;
}
