// Identity as the rest of the server sees it: answers `/api/auth/...`, and finds who a request comes from.

import { asId, type UserId } from "../contracts/ids.ts";
import type { Auth } from "./auth.ts";
import type { AuthParts } from "./auth-parts.ts";
import type { Sessions, SignedInUser } from "./signed-in-user.ts";

/** A provider that could not be discovered is looked for again after this. */
const rediscoverMs = 30_000;
/** API keys and the operator token are bearer tokens of other kinds. */
const otherToken = /^astrolabe_/;

export class Identity implements Sessions {
  readonly #parts: AuthParts;
  #opened: Promise<Auth> | undefined;
  #openedAt = 0;

  constructor(parts: AuthParts) {
    this.#parts = parts;
  }

  /** The library behind it, loaded on first use. */
  async auth(): Promise<Auth> {
    if (this.#opened === undefined) {
      this.#openedAt = this.#parts.now();
      this.#opened = import("./auth.ts").then(({ openAuth }) => openAuth(this.#parts));
      this.#opened.catch(() => (this.#opened = undefined));
    }
    return this.#opened;
  }

  /** @param request with the public address in its URL, and the client's address in its headers. */
  async answer(request: Request): Promise<Response> {
    const auth = await this.auth();
    await this.#rediscover(auth, request);
    return (await this.auth()).handler(request);
  }

  async find(headers: Headers): Promise<SignedInUser | undefined> {
    const bearer = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
    if (bearer !== undefined && otherToken.test(bearer)) return undefined;
    const own = new Headers();
    const cookie = headers.get("cookie");
    // A token that was sent counts alone: a request is either a program's or a browser's.
    if (headers.has("authorization")) own.set("authorization", `Bearer ${bearer ?? ""}`);
    else if (cookie?.includes("astrolabe.session_token=")) own.set("cookie", cookie);
    else return undefined;
    const via = headers.has("authorization") ? "bearer" : "cookie";
    const auth = await this.auth();
    // A browser's cookie is prolonged with its session, by `GET /api/auth/get-session`.
    const found = await auth.api.getSession({ headers: own, query: { disableRefresh: via === "cookie" } });
    if (found === null) return undefined;
    const { user, session } = found;
    return {
      id: asId<UserId>(user.id),
      email: user.email,
      name: user.name,
      isOperator: user.isOperator === true,
      sessionId: session.id,
      via,
    };
  }

  /** Looks again for providers that were not there, when one of them is wanted. */
  async #rediscover(auth: Auth, request: Request): Promise<void> {
    const { settings, now } = this.#parts;
    if (!/\/(?:sign-in\/social|link-social|callback\/[^/]+)$/.test(new URL(request.url).pathname)) return;
    const { socialProviders } = await auth.$context;
    const isComplete = settings.providers.every(({ id }) => socialProviders.some((provider) => provider.id === id));
    if (!isComplete && now() - this.#openedAt >= rediscoverMs) this.#opened = undefined;
  }
}
