// The operating system's keyring, where it has one that answers.

import type { Environment } from "../context.ts";

export type Keyring = {
  /** Undefined when there is none, or the keyring does not answer. */
  readonly read: (server: string) => Promise<string | undefined>;
  /** False when it could not be kept. */
  readonly keep: (server: string, token: string) => Promise<boolean>;
  readonly forget: (server: string) => Promise<void>;
};

const service = "astrolabe-ast";
/** A keyring that asks the person to unlock it gets this long. */
const answerWithinMs = 60_000;

export function openKeyring(environment: Environment): Keyring {
  if (environment["ASTRO_NO_KEYRING"]) return noKeyring;
  return {
    read: async (name) => (await attempt(() => Bun.secrets.get({ service, name }))) ?? undefined,
    keep: async (name, value) =>
      (await attempt(() => Bun.secrets.set({ service, name, value }).then(() => true))) === true,
    forget: async (name) => {
      await attempt(() => Bun.secrets.delete({ service, name }));
    },
  };
}

const noKeyring: Keyring = {
  read: async () => undefined,
  keep: async () => false,
  forget: async () => undefined,
};

/** Servers and containers have no keyring; then it is as if it held nothing. */
async function attempt<Value>(call: () => Promise<Value>): Promise<Value | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), answerWithinMs);
  try {
    return await Promise.race([call(), late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
