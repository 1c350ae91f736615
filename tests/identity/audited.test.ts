// Sessions that begin and end, and changes of how somebody signs in, as the audit log tells them.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { arrayAt, isObject } from "../../server/contracts/json.ts";
import { forEachEngine } from "../support/engines.ts";
import { startOperatedGateway, type OperatedGateway } from "../support/operator.ts";
import { behindProxy, newEmail, visitor } from "../support/people-browsers.ts";

const password = "correct horse battery";

forEachEngine((engine) => {
  let gateway: OperatedGateway;

  beforeAll(async () => {
    gateway = await startOperatedGateway({
      ASTROLABE_SIGN_UP: "open",
      ...behindProxy,
      ...(await engine.environment()),
    });
  });
  afterAll(async () => {
    expect(gateway.faults).toEqual([]);
    await gateway.close();
  });

  describe("the audit log", () => {
    test("tells of sign-ins, sign-outs and changed passwords with their addresses, and of nothing that failed as if it were done", async () => {
      const jar = visitor(gateway);
      const email = newEmail();
      await jar.post("/sign-up/email", { name: "Ada", email, password });
      await jar.post("/sign-out");
      await jar.post("/sign-in/email", { email, password: "not the password" });
      await jar.post("/sign-in/email", { email, password });
      const wrong = { currentPassword: "not the password", newPassword: "another horse battery" };
      await jar.post("/change-password", wrong);
      await jar.post("/change-password", { ...wrong, currentPassword: password });
      await jar.post("/sign-out");
      await jar.post("/sign-out");
      const { body } = await gateway.operator.send("GET", `/api/operator/audit-events?actor=${email}`);
      const all = (arrayAt(body, "data") ?? []).filter((event) => isObject(event)).toReversed();
      const events = all.filter(({ outcome }) => outcome === "done");
      const actions = events.map(({ action }) => action);
      expect(actions).toEqual(["signIn", "signOut", "signIn", "changePassword", "signOut"]);
      for (const event of events) expect(event).toMatchObject({ address: jar.address, fields: [] });
      expect(JSON.stringify(all)).not.toContain("horse");
    });
  });
});
