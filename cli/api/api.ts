// Calls of the server as the person who is signed in, in the account that is active.

import type { z } from "zod";
import { parseJson, type Json } from "../../server/contracts/json.ts";
import { Problem } from "../problem.ts";
import { pickAccount, readMe, type Account } from "./accounts.ts";
import type { Exchange, HttpClient, Method } from "./http-client.ts";
import { nobodySignedIn, refusalOf } from "./refusal.ts";

export type ApiParts = {
  readonly http: HttpClient;
  /** Undefined when nobody is signed in. */
  readonly token: () => Promise<string | undefined>;
  /** By --account, ASTRO_ACCOUNT or the profile. */
  readonly wantedAccount: () => string | undefined;
};

export class Api {
  readonly #parts: ApiParts;
  #account: string | undefined;

  constructor(parts: ApiParts) {
    this.#parts = parts;
  }

  /** Its address, without a slash at the end. */
  get server(): string {
    return this.#parts.http.server;
  }

  /** Whether there is a token; it may have ended. */
  async isSignedIn(): Promise<boolean> {
    return (await this.#parts.token()) !== undefined;
  }

  /** The active account's name. @throws Problem sign_in, usage when there are several to choose from */
  async account(): Promise<string> {
    this.#account ??= this.#parts.wantedAccount() ?? pickAccount(await this.accounts()).name;
    return this.#account;
  }

  /** Those that the person belongs to. @throws Problem */
  async accounts(): Promise<readonly Account[]> {
    return (await readMe(this)).accounts;
  }

  /** The body of a successful answer; null when it is empty. @throws Problem */
  async send(method: Method, path: string, exchange: Omit<Exchange, "token"> = {}): Promise<Json> {
    const answer = await this.#parts.http.exchange(method, path, { ...exchange, token: await this.#token() });
    if (answer.status >= 400) throw refusalOf(this.server, answer);
    return answer.body ?? null;
  }

  /** Like `send`, for a body of this shape. @throws Problem when it has another */
  async read<Shape extends z.ZodType>(
    schema: Shape,
    method: Method,
    path: string,
    exchange: Omit<Exchange, "token"> = {},
  ): Promise<z.output<Shape>> {
    return this.parse(schema, await this.send(method, path, exchange), `${method} ${path}`);
  }

  /** @throws Problem for a body of another shape */
  parse<Shape extends z.ZodType>(schema: Shape, body: Json, what: string): z.output<Shape> {
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new Problem("failed", `${this.server} answered ${what} in a way that this ast does not understand.`, {
      code: "unknown_answer",
      hint: "One of the two is older: bring ast and the server to the same version.",
      lines: issue === undefined ? [] : [`${issue.path.join(".")}: ${issue.message}`],
    });
  }

  /** An answer that is read while it comes. @throws Problem */
  async open(path: string, accept: string): Promise<Response> {
    const response = await this.#parts.http.open(path, { token: await this.#token(), headers: { accept } });
    if (response.status < 400) return response;
    const body = parseJson(await response.text());
    throw refusalOf(this.server, { status: response.status, body, headers: response.headers });
  }

  async #token(): Promise<string> {
    const token = await this.#parts.token();
    if (token === undefined) throw nobodySignedIn(this.server);
    return token;
  }
}
