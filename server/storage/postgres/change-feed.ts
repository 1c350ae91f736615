// Tells the other processes on the same Postgres what changed, with LISTEN and NOTIFY, so that their caches forget it
// within milliseconds. Whoever misses it finds out when the caches are a second old.

import { Client } from "pg";
import { changeTopics, type ChangeFeed, type ChangeTopic } from "../database.ts";
import { connectionOptions } from "./connection-options.ts";

const firstPauseMs = 50;
const longestPauseMs = 5_000;
/** A connection that died without a word is found out by asking. */
const askEveryMs = 30_000;

export type ChangeFeedOptions = {
  readonly url: string;
  /** Sends a text to every listening process, this one among them. */
  readonly notify: (payload: string) => Promise<void>;
  readonly reportFault: (where: string, error: unknown) => void;
};

export type OpenChangeFeed = ChangeFeed & { close(): Promise<void> };

export function openChangeFeed(options: ChangeFeedOptions): OpenChangeFeed {
  return new PostgresChangeFeed(options);
}

class PostgresChangeFeed implements OpenChangeFeed {
  readonly #options: ChangeFeedOptions;
  /** Names this process, so that it does not hear itself. */
  readonly #sender = Bun.randomUUIDv7();
  readonly #listeners: ((topic: ChangeTopic) => void)[] = [];
  readonly #closed = Promise.withResolvers<void>();
  readonly #ended: Promise<void>;
  #closing = false;

  constructor(options: ChangeFeedOptions) {
    this.#options = options;
    this.#ended = this.#keepListening();
  }

  tell(topic: ChangeTopic): void {
    const { notify, reportFault } = this.#options;
    notify(`${topic} ${this.#sender}`).catch((error: unknown) => reportFault("change feed", error));
  }

  listen(forget: (topic: ChangeTopic) => void): void {
    this.#listeners.push(forget);
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#closed.resolve();
    await this.#ended;
  }

  /** Listens on one connection after the other; only the first failure of a row is reported. */
  async #keepListening(): Promise<void> {
    let pauseMs = firstPauseMs;
    while (!this.#closing) {
      try {
        await this.#listenOnce(() => (pauseMs = firstPauseMs));
      } catch (error) {
        if (pauseMs === firstPauseMs && !this.#closing) this.#options.reportFault("change feed", error);
      }
      await Promise.race([Bun.sleep(pauseMs), this.#closed.promise]);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }

  /** Resolves when the feed is closed. @throws Error when the connection is lost */
  async #listenOnce(onListening: () => void): Promise<void> {
    const client = new Client(connectionOptions(this.#options.url));
    const lost = new Promise<never>((_, reject) => client.once("error", reject).once("end", () => reject(ended())));
    lost.catch(() => undefined);
    client.on("error", () => undefined);
    client.on("notification", ({ payload }) => this.#hear(payload ?? ""));
    const asking = setInterval(() => void client.query("SELECT 1").catch(() => undefined), askEveryMs);
    try {
      await client.connect();
      await client.query("LISTEN astrolabe_changes");
      onListening();
      // What was told before this connection listened was not heard.
      for (const topic of changeTopics) this.#forget(topic);
      await Promise.race([lost, this.#closed.promise]);
    } finally {
      clearInterval(asking);
      await client.end().catch(() => undefined);
    }
  }

  #hear(payload: string): void {
    const [word, sender] = payload.split(" ");
    const topic = changeTopics.find((known) => known === word);
    if (topic !== undefined && sender !== this.#sender) this.#forget(topic);
  }

  #forget(topic: ChangeTopic): void {
    for (const forget of this.#listeners) forget(topic);
  }
}

function ended(): Error {
  return new Error("the connection that listens for changes ended");
}
