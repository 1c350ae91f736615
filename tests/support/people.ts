// People for tests: a person who is signed in to a whole gateway, with the cookie that their browser would hold.

import { createHmac } from "node:crypto";
import { newId, type UserId } from "../../server/contracts/ids.ts";
import { asObject, type TestGateway } from "./gateway.ts";
import { stringAt, type JsonObject } from "../../server/contracts/json.ts";
import type { MemberRole } from "../../server/workspaces/workspace.ts";
import type { Method } from "./operator.ts";

export type AboutPerson = {
  /** Absent: an address of their own. */
  readonly email?: string;
  readonly name?: string;
  readonly operator?: boolean;
  /** Roles by workspace id. */
  readonly roles?: Readonly<Record<string, MemberRole>>;
};

export type SignedInPerson = {
  readonly id: UserId;
  readonly email: string;
  /** As a browser sends it: `name=value`. */
  readonly cookie: string;
  /** What goes with a call from one of the server's own pages. */
  readonly headers: Readonly<Record<string, string>>;
  readonly send: (method: Method, path: string, body?: JsonObject) => Promise<{ status: number; body: JsonObject }>;
};

/** Makes a person and signs them in, past every question that a stranger would be asked. */
export async function signUp(gateway: TestGateway, about: AboutPerson = {}): Promise<SignedInPerson> {
  const { wired, publicUrl } = gateway;
  const id = newId("usr");
  const { email = `${id}@example.com`, name = "Ada", operator = false, roles = {} } = about;
  const now = Math.floor(wired.services.now());
  const { query } = wired.database;
  await query
    .insertInto("users")
    .values({ id, email, name, created_at: now, updated_at: now, email_verified: 1, is_operator: operator ? 1 : 0 })
    .execute();
  for (const [workspace_id, role] of Object.entries(roles)) {
    await query.insertInto("members").values({ workspace_id, user_id: id, role, created_at: now }).execute();
  }
  const cookie = await cookieOf(gateway, id);
  const headers = { cookie, origin: new URL(publicUrl).origin, "content-type": "application/json" };
  return {
    id,
    email,
    cookie,
    headers,
    async send(method, path, body) {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(gateway.url + path, { method, headers, ...sent });
      return { status: response.status, body: asObject(await response.json()) };
    },
  };
}

/** An access token of this person: for everything, unless `fields` say otherwise. */
export async function makeAccessToken(
  person: SignedInPerson,
  fields: JsonObject = {},
): Promise<{ id: string; secret: string }> {
  const { body } = await person.send("POST", "/api/me/access-tokens", { name: "a test's token", ...fields });
  const [id, secret] = [stringAt(body, "id"), stringAt(body, "secret")];
  if (id === undefined || secret === undefined) throw new Error(JSON.stringify(body));
  return { id, secret };
}

/** Opens a session of this person; gives its cookie. */
export async function cookieOf({ wired }: TestGateway, id: UserId): Promise<string> {
  const { internalAdapter, authCookies, secret } = await (await wired.identity.auth()).$context;
  const { token } = await internalAdapter.createSession(id);
  const signature = createHmac("sha256", secret).update(token).digest("base64");
  return `${authCookies.sessionToken.name}=${encodeURIComponent(`${token}.${signature}`)}`;
}
