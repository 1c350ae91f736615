// Sign-ins that were refused, in the audit log: for the person whose account was tried, for operators, never with what
// was typed, and never more than a few lines.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { arrayAt, isObject, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { newId } from "../../server/contracts/ids.ts";
import { AuditLog } from "../../server/audit-log/audit-log.ts";
import { noteRefusedSignIn } from "../../server/identity/refused-sign-ins.ts";
import { auditStore } from "../../server/storage/audit-store.ts";
import { doorStore } from "../../server/storage/identity/door-store.ts";
import { forEachEngine } from "../support/engines.ts";
import { oidcClient, startOidcIssuer, type OidcIssuer } from "../support/oidc-issuer.ts";
import { startOperatedGateway, type OperatedGateway } from "../support/operator.ts";
import { behindProxy, newEmail, reasonOf, visitor, type Visitor } from "../support/people-browsers.ts";
import { codeOf } from "../support/totp.ts";

const password = "correct horse battery";
const wrong = "a guess that is wrong";

forEachEngine((engine) => {
  let gateway: OperatedGateway;
  let issuer: OidcIssuer;

  beforeAll(async () => {
    issuer = await startOidcIssuer("http://gateway.test/api/auth/callback/company");
    gateway = await startOperatedGateway({
      ASTROLABE_SIGN_UP: "open",
      ASTROLABE_OIDC_COMPANY_ISSUER: issuer.url,
      ASTROLABE_OIDC_COMPANY_CLIENT_ID: oidcClient.id,
      ASTROLABE_OIDC_COMPANY_CLIENT_SECRET: oidcClient.secret,
      ...behindProxy,
      ...(await engine.environment()),
    });
  });
  afterAll(async () => {
    expect(gateway.faults).toEqual([]);
    await gateway.close();
    await issuer.close();
  });

  const join = async (): Promise<{ jar: Visitor; email: string }> => {
    const [jar, email] = [visitor(gateway), newEmail()];
    await jar.post("/sign-up/email", { name: "Ada", email, password });
    return { jar, email };
  };
  const eventsIn = (body: JsonObject) => (arrayAt(body, "data") ?? []).filter((event) => isObject(event));
  const ofServer = async (query: string) =>
    eventsIn((await gateway.operator.send("GET", `/api/operator/audit-events?limit=100&${query}`)).body);
  const own = async (jar: Visitor) => eventsIn((await jar.get("/api/me/audit-events")).body);
  const actionsOf = (events: readonly JsonObject[]) => events.map(({ action }) => action).toReversed();
  /** Lines are written behind the answers. */
  const eventually = async (read: () => Promise<readonly JsonObject[]>, action: string) => {
    for (const deadline = Date.now() + 10_000; ;) {
      const events = await read();
      if (events.some((event) => event["action"] === action)) return events;
      if (Date.now() > deadline) throw new Error(`no ${action} among ${JSON.stringify(events)}`);
      await Bun.sleep(5);
    }
  };

  describe("a wrong password", () => {
    test("is told once to the person and to operators, with its address, and to nobody else", async () => {
      const { jar, email } = await join();
      const other = await join();
      const stranger = visitor(gateway);
      for (let tries = 0; tries < 3; tries++) await stranger.post("/sign-in/email", { email, password: wrong });
      await eventually(() => own(jar), "passwordRefused");
      await stranger.post("/sign-in/email", { email, password });
      const events = await eventually(() => ofServer(`actor=${email}`), "passwordRefused");
      expect(actionsOf(events)).toEqual(["signIn", "passwordRefused", "signIn"]);
      expect(actionsOf(await own(jar))).toEqual(["signIn", "passwordRefused", "signIn"]);
      expect(events[1]).toMatchObject({
        outcome: "refused",
        address: stranger.address,
        workspace_id: null,
        targets: [],
        fields: [],
      });
      expect(actionsOf(await own(other.jar))).toEqual(["signIn"]);
      expect(JSON.stringify(events)).not.toContain(wrong);
    });

    test("for an address without an account is told to operators, without the address", async () => {
      const jar = visitor(gateway);
      const email = `typed.${newEmail()}`;
      await jar.post("/sign-in/email", { email, password: wrong });
      const mine = async () => (await ofServer("actor=nobody")).filter(({ address }) => address === jar.address);
      const events = await eventually(mine, "passwordRefused");
      expect(events).toMatchObject([{ outcome: "refused", actor: { kind: "nobody", id: null, name: null } }]);
      expect(JSON.stringify(events)).not.toMatch(/typed|guess/);
    });

    test("is answered alike whether or not there is an account", async () => {
      const { email } = await join();
      const answers = await Promise.all(
        [email, newEmail()].map((tried) => visitor(gateway).post("/sign-in/email", { email: tried, password: wrong })),
      );
      const [known, unknown] = answers.map(({ status, body }) => ({
        status,
        text: JSON.stringify(body).replaceAll(/req_\w+/g, ""),
      }));
      expect(known).toEqual(unknown ?? { status: 0, text: "" });
    });

    test("is told when somebody who is signed in has it wrong", async () => {
      const { jar } = await join();
      await jar.post("/change-password", { currentPassword: wrong, newPassword: "another horse battery" });
      expect(actionsOf(await eventually(() => own(jar), "passwordRefused"))).toEqual(["signIn", "passwordRefused"]);
    });

    test("locks the account after ten for a quarter of an hour, which is told once", async () => {
      const { jar, email } = await join();
      const guesser = async () => visitor(gateway).post("/sign-in/email", { email, password: wrong });
      for (let tries = 0; tries < 13; tries++) await guesser();
      expect(actionsOf(await eventually(() => own(jar), "signInLocked"))).toEqual([
        "signIn",
        "passwordRefused",
        "signInLocked",
      ]);
      // The library clears away what is older than its own windows whenever one of them starts anew.
      const { query } = gateway.wired.database;
      const late = visitor(gateway);
      await late.post("/sign-in/email", { email: newEmail(), password: wrong });
      await query
        .updateTable("sign_in_tries")
        .set((set) => ({ last_request: set("last_request", "-", 11 * 60_000) }))
        .execute();
      await late.post("/sign-in/email", { email: newEmail(), password: wrong });
      expect(reasonOf(await guesser())).toBe("too_many_tries");
    });
  });

  test("a wrong code tells the person that somebody has their password, and is no sign-in", async () => {
    const { jar, email } = await join();
    const { body } = await jar.post("/two-factor/enable", { password });
    const secret = new URL(stringAt(body, "totpURI") ?? "").searchParams.get("secret") ?? "";
    await jar.post("/two-factor/verify-totp", { code: codeOf(secret) });
    const stranger = visitor(gateway);
    await stranger.post("/sign-in/email", { email, password });
    const code = String((Number(codeOf(secret)) + 1) % 1_000_000).padStart(6, "0");
    await stranger.post("/two-factor/verify-totp", { code });
    const events = await eventually(() => own(jar), "codeRefused");
    expect(events[0]).toMatchObject({ action: "codeRefused", address: stranger.address });
    expect(actionsOf(events).filter((action) => action === "signIn")).toHaveLength(2);
    expect(JSON.stringify(events)).not.toContain(`"${code}"`);
    await stranger.post("/two-factor/verify-totp", { code: codeOf(secret) });
    expect(actionsOf(await own(jar)).filter((action) => action === "signIn")).toHaveLength(3);
  });

  test("an unknown passkey, an owner link that has ended and a refusing provider are told to operators", async () => {
    const jar = visitor(gateway);
    const mine = async () => (await ofServer("actor=nobody")).filter(({ address }) => address === jar.address);
    await jar.get("/api/auth/passkey/generate-authenticate-options");
    await jar.post("/passkey/verify-authentication", { response: { id: "unknown-passkey" } });
    await eventually(mine, "passkeyRefused");
    await jar.post("/claim", { token: "made up", name: "Eve", email: newEmail(), password });
    await eventually(mine, "ownerLinkRefused");
    await jar.post("/sign-in/social", { provider: "company", callbackURL: "/", disableRedirect: true });
    await jar.get("/api/auth/callback/company?error=access_denied&state=forged");
    await jar.get("/api/auth/callback/elsewhere?error=access_denied&state=forged");
    const events = await eventually(mine, "providerRefused");
    expect(actionsOf(events)).toEqual(["passkeyRefused", "ownerLinkRefused", "providerRefused"]);
    expect(events[0]).toMatchObject({ targets: [{ type: "provider", id: "company" }], outcome: "refused" });
    expect(JSON.stringify(events)).not.toMatch(/unknown-passkey|made up|elsewhere/);
  });

  test("more than an hour's share of lines is left out, which one line says", async () => {
    const { query } = gateway.wired.database;
    // A day on, when nothing of this hour counts.
    const later = Date.now() + 24 * 60 * 60_000;
    const faults: unknown[] = [];
    const reportFault = (_: string, error: unknown) => void faults.push(error);
    const audit = new AuditLog({ records: auditStore(query), now: () => later, reportFault });
    let noted = 0;
    const parts = {
      door: doorStore(query),
      now: () => later,
      reportFault,
      audit: { record: (event: Parameters<AuditLog["record"]>[0]) => audit.record(event) },
    };
    for (let n = 0; n < 205; n++) {
      noteRefusedSignIn(parts, async () => {
        noted += 1;
        const headers = new Headers({ "x-astrolabe-client-address": `2001:db8::${n}` });
        return { refusal: "passwordRefused", user: undefined, headers };
      });
    }
    noteRefusedSignIn(parts, async () => {
      const user = { id: newId("usr"), email: "known@example.com" };
      return { refusal: "passwordRefused", user, headers: undefined };
    });
    const since = new Date(later).toISOString();
    await eventually(
      () => ofServer(`since=${since}&action=passwordRefused&actor=known@example.com`),
      "passwordRefused",
    );
    await eventually(() => ofServer(`since=${since}&action=manySignInsRefused`), "manySignInsRefused");
    const rows = await query.selectFrom("audit_events").select("action").where("created_at", ">=", later).execute();
    const counted = Map.groupBy(rows, ({ action }) => action);
    expect([noted, counted.get("passwordRefused")?.length, counted.get("manySignInsRefused")?.length]).toEqual([
      205, 201, 1,
    ]);
    expect(faults).toEqual([]);
  });
});
