// Who is signed in where: one profile a server in `credentials.json`, its token in the keyring, or beside it where there
// is none. What others wrote into the file stays.

import { objectAt, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import type { Keyring } from "./keyring.ts";
import type { Settings } from "./settings.ts";

const file = "credentials.json";

export type Profile = {
  /** The server's address. */
  readonly server: string;
  readonly email: string;
  /** The active account's name. */
  readonly account: string | undefined;
  /** What `ast account switch -` goes back to. */
  readonly previousAccount: string | undefined;
};

export type TokenPlace = "keyring" | "file";

export class Profiles {
  readonly #settings: Settings;
  readonly #keyring: Keyring;

  constructor(settings: Settings, keyring: Keyring) {
    this.#settings = settings;
    this.#keyring = keyring;
  }

  /** The server that was signed in to last. */
  currentServer(): string | undefined {
    return stringAt(this.#content(), "current_server");
  }

  find(server: string): Profile | undefined {
    const entry = objectAt(this.#entries(), server);
    if (entry === undefined) return undefined;
    return {
      server,
      email: stringAt(entry, "email") ?? "",
      account: stringAt(entry, "current_account"),
      previousAccount: stringAt(entry, "previous_account"),
    };
  }

  /** Those that `ast` itself made. */
  list(): Profile[] {
    return Object.keys(this.#entries())
      .filter((name) => URL.canParse(name))
      .flatMap((server) => this.find(server) ?? []);
  }

  async token(server: string): Promise<string | undefined> {
    const entry = objectAt(this.#entries(), server);
    if (entry === undefined) return undefined;
    return stringAt(entry, "access_token") ?? (await this.#keyring.read(server));
  }

  /** Also makes it the current server. */
  async signIn(profile: Profile, token: string): Promise<TokenPlace> {
    const inKeyring = await this.#keyring.keep(profile.server, token);
    this.#save({
      ...this.#content(),
      current_server: profile.server,
      profiles: {
        ...this.#entries(),
        [profile.server]: { ...entryOf(profile), ...(!inKeyring && { access_token: token }) },
      },
    });
    return inKeyring ? "keyring" : "file";
  }

  /** Makes another account the active one. */
  switchAccount(server: string, account: string): void {
    const entry = objectAt(this.#entries(), server) ?? {};
    const before = stringAt(entry, "current_account");
    const previous = before === account ? stringAt(entry, "previous_account") : before;
    this.#save({
      ...this.#content(),
      profiles: {
        ...this.#entries(),
        [server]: { ...entry, current_account: account, ...(previous !== undefined && { previous_account: previous }) },
      },
    });
  }

  async signOut(server: string): Promise<void> {
    await this.#keyring.forget(server);
    const { [server]: _gone, ...profiles } = this.#entries();
    const { current_server: current, ...content } = this.#content();
    const next = current === server ? Object.keys(profiles).find((name) => URL.canParse(name)) : current;
    this.#save({ ...content, ...(next !== undefined && { current_server: next }), profiles });
  }

  #content(): JsonObject {
    return this.#settings.read(file) ?? {};
  }

  #entries(): JsonObject {
    return objectAt(this.#content(), "profiles") ?? {};
  }

  #save(content: JsonObject): void {
    this.#settings.write(file, content);
  }
}

function entryOf({ email, account, previousAccount }: Profile): JsonObject {
  return {
    email,
    ...(account !== undefined && { current_account: account }),
    ...(previousAccount !== undefined && { previous_account: previousAccount }),
  };
}
