// The link that makes the owner: once, for a day, and as a way back in.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { stringAt } from "../../server/contracts/json.ts";
import { forEachEngine } from "../support/engines.ts";
import type { TestGateway } from "../support/gateway.ts";
import { startGateway } from "../support/gateway.ts";
import { startOperatedGateway, type OperatedGateway } from "../support/operator.ts";
import { signUp } from "../support/people.ts";
import { behindProxy, newEmail, reasonOf, visitor } from "../support/people-browsers.ts";

const password = "correct horse battery";
const tokenOf = (link: string | undefined): string => new URL(link ?? "").searchParams.get("token") ?? "";

forEachEngine((engine) => {
  let gateway: OperatedGateway;
  const claim = (token: string, more: Record<string, string> = {}, jar = visitor(gateway)) =>
    jar
      .post("/claim", { token, name: "Ada", email: newEmail(), password, ...more })
      .then((answer) => ({ answer, jar }));

  beforeEach(async () => {
    gateway = await startOperatedGateway({ ...behindProxy, ...(await engine.environment()) });
  });
  afterEach(async () => {
    expect(gateway.faults).toEqual([]);
    await gateway.close();
  });

  describe("the owner link", () => {
    test("makes the one who opens it owner and operator, signed in, and works once", async () => {
      const link = await gateway.wired.control.ownerLink();
      expect(link).toStartWith("http://gateway.test/claim?token=");
      const other = await gateway.wired.control.ownerLink();
      const email = newEmail();
      const { answer, jar } = await claim(tokenOf(link), { email: email.toUpperCase() });
      expect(answer.status).toBe(200);
      expect(await jar.me()).toMatchObject({
        email,
        name: "Ada",
        is_operator: true,
        workspaces: [{ name: "Default", role: "owner" }],
      });
      expect((await jar.get("/api/workspaces")).status).toBe(200);
      for (const used of [link, other]) {
        const { answer: again } = await claim(tokenOf(used));
        expect([again.status, reasonOf(again)]).toEqual([400, "owner_link_ended"]);
        expect((await visitor(gateway).post("/claim/check", { token: tokenOf(used) })).body).toEqual({ usable: false });
      }
      expect(await gateway.wired.control.ownerLink()).toBeUndefined();
      expect((await visitor(gateway).get("/api/auth-methods")).body["claimed"]).toBe(true);
      expect((await visitor(gateway).post("/sign-in/email", { email, password })).status).toBe(200);
      const users = await gateway.wired.database.query.selectFrom("users").select("email").execute();
      expect(users).toEqual([{ email }]);
    });

    test("is used up by one of those who open it at once", async () => {
      const token = tokenOf(await gateway.wired.control.ownerLink());
      const claims = await Promise.all([claim(token), claim(token), claim(token)]);
      expect(claims.map(({ answer }) => answer.status).toSorted()).toEqual([200, 400, 400]);
    });

    test("takes no short password, no address of someone else, and is not used up by trying", async () => {
      const token = tokenOf(await gateway.wired.control.ownerLink());
      const someone = await signUp(gateway);
      expect((await claim(token, { password: "short" })).answer.status).toBe(400);
      expect((await claim(token, { name: " " })).answer.status).toBe(400);
      const taken = await claim(token, { email: someone.email });
      expect([taken.answer.status, reasonOf(taken.answer)]).toEqual([409, "email_taken"]);
      expect((await visitor(gateway).post("/claim/check", { token })).body).toEqual({ usable: true });
      expect((await claim(token)).answer.status).toBe(200);
    });

    test("ends after a day, and what is stored does not open anything", async () => {
      const { query } = gateway.wired.database;
      const token = tokenOf(await gateway.wired.control.ownerLink());
      const [row] = await query.selectFrom("verifications").selectAll().execute();
      expect(row?.identifier).not.toContain(token);
      expect(Number(row?.expires_at) - Number(row?.created_at)).toBe(24 * 60 * 60_000);
      expect((await claim(row?.identifier.replace("owner-link-", "") ?? "")).answer.status).toBe(400);
      await query
        .updateTable("verifications")
        .set({ expires_at: Date.now() - 1 })
        .execute();
      expect((await claim(token)).answer.status).toBe(400);
    });

    test("brings an owner back who cannot sign in any more, and ends every earlier way in", async () => {
      const first = await claim(tokenOf(await gateway.wired.control.ownerLink()));
      const { body: token } = await first.jar.send("POST", "/api/me/access-tokens", { name: "ci" });
      const authorization = `Bearer ${stringAt(token, "secret")}`;
      const isIn = async () => (await fetch(`${gateway.url}/api/me`, { headers: { authorization } })).ok;
      expect(await isIn()).toBe(true);
      const { status, body } = await gateway.operator.send("POST", "/api/owner-link");
      expect(status).toBe(201);
      const { answer, jar } = await claim(tokenOf(stringAt(body, "url")), { password: "another good phrase" });
      expect(answer.status).toBe(200);
      expect(await first.jar.me()).toBeUndefined();
      expect(await isIn()).toBe(false);
      expect(await jar.me()).toMatchObject({ is_operator: true, workspaces: [{ role: "owner" }] });
      expect((await gateway.wired.database.query.selectFrom("users").select("id").execute()).length).toBe(1);
    });

    test("is made for the operator token alone", async () => {
      const operator = await signUp(gateway, { operator: true });
      expect((await operator.send("POST", "/api/owner-link")).status).toBe(403);
      expect((await visitor(gateway).send("POST", "/api/owner-link")).status).toBe(401);
    });
  });

  test("an owner from the environment signs in with that password, and no link is printed", async () => {
    const headless: TestGateway = await startGateway({
      ...behindProxy,
      ...(await engine.environment()),
      ASTROLABE_INIT_OWNER_EMAIL: "Ada@Example.com",
      ASTROLABE_INIT_OWNER_PASSWORD: password,
    });
    expect(await headless.wired.control.ownerLink()).toBeUndefined();
    const jar = visitor(headless);
    expect((await jar.post("/sign-in/email", { email: "ada@example.com", password })).status).toBe(200);
    expect(await jar.me()).toMatchObject({ is_operator: true, has_password: true, workspaces: [{ role: "owner" }] });
    await headless.close();
  });
});

test("a password from the environment must be long enough and somebody's, and is not repeated in the message", async () => {
  for (const values of [
    { ASTROLABE_INIT_OWNER_EMAIL: "ada@example.com", ASTROLABE_INIT_OWNER_PASSWORD: "short secret".slice(0, 11) },
    { ASTROLABE_INIT_OWNER_PASSWORD: password },
  ]) {
    const message = await startGateway(values).then(() => "", String);
    expect(message).toContain("ASTROLABE_INIT_OWNER_PASSWORD");
    expect(message).not.toContain(values.ASTROLABE_INIT_OWNER_PASSWORD);
  }
});
