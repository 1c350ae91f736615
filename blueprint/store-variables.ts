// The variables of built-in stores that run as containers: their addresses for those who use them, and their logins.

import type { Blueprint } from "./blueprint.ts";
import { databaseName, variablePart } from "./names.ts";
import type { StoreProvider } from "./providers.ts";
import { derived, type Login, type Variable, type VariableValue } from "./variable.ts";
import { prefixesOf } from "./variable-prefixes.ts";
import { containerEntries } from "./workload-names.ts";

type Values = Readonly<Record<string, VariableValue>>;
type Store = {
  readonly workload: string;
  readonly name: string;
  readonly provider: StoreProvider;
};

const userName = "astro";

export function storeVariables(blueprint: Blueprint, users: readonly string[]): Variable[] {
  const stores = storesOf(blueprint);
  return stores.flatMap((store) => {
    const prefixes = storePrefixes(stores, store);
    const login = loginOf(blueprint, store.provider, prefixes);
    const path = ["knowledge", store.name];
    return [
      ...prefixes.flatMap((prefix) => derived(addressValues(store, prefix, login), users, path)),
      ...derived(ownValues(store.provider, login), [store.workload], path),
    ];
  });
}

/** Names of the values that the platform makes up for the stores of a blueprint: passwords. */
export function generatedNames(blueprint: Blueprint): string[] {
  const stores = storesOf(blueprint);
  return stores.flatMap((store) => {
    const { login } = store.provider;
    const [exact] = storePrefixes(stores, store);
    return login === undefined || exact === undefined ? [] : [`${exact}_${login.password}`];
  });
}

function storesOf(blueprint: Blueprint): Store[] {
  return containerEntries(blueprint).flatMap(({ workload, entry, runs }) =>
    runs.kind === "store" ? [{ workload, name: entry.name, provider: runs }] : [],
  );
}

function storePrefixes(stores: readonly Store[], { name, provider }: Store): readonly string[] {
  const same = stores.filter((other) => other.provider.name === provider.name).map((other) => other.name);
  return prefixesOf(provider.name, same).get(name) ?? [];
}

function addressValues({ workload, provider }: Store, prefix: string, login: Login | undefined): Values {
  const { scheme, port } = provider.url;
  return {
    [`${prefix}_HOST`]: { kind: "host", workload },
    [`${prefix}_PORT`]: { kind: "fixed", value: String(provider.ports[0] ?? port) },
    [`${prefix}_URL`]: { kind: "address", workload, scheme, port, login },
    ...loginValues(provider, prefix, login),
  };
}

/** The image knows its variables by the bare names. */
function ownValues(provider: StoreProvider, login: Login | undefined): Values {
  const fixed = Object.entries(provider.environment).map(([name, value]) => [name, { kind: "fixed", value }] as const);
  return { ...Object.fromEntries(fixed), ...loginValues(provider, variablePart(provider.name), login) };
}

function loginValues({ login: names }: StoreProvider, prefix: string, login: Login | undefined): Values {
  if (names === undefined || login === undefined) return {};
  return {
    [`${prefix}_${names.user}`]: login.user,
    [`${prefix}_${names.password}`]: login.password,
    [`${prefix}_${names.database}`]: login.database,
  };
}

function loginOf(blueprint: Blueprint, { login }: StoreProvider, prefixes: readonly string[]): Login | undefined {
  if (login === undefined) return undefined;
  const under = (suffix: string) => prefixes.map((prefix) => `${prefix}_${suffix}`);
  return {
    user: { kind: "preset", names: under(login.user), value: userName },
    password: { kind: "generated", names: under(login.password) },
    database: { kind: "preset", names: under(login.database), value: databaseName(blueprint.name) },
  };
}
