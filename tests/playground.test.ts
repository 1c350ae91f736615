// The playground: people run requests on the workspace's credits under a key that nobody holds, by the request path's
// own steps.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { isObject, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { forEachEngine } from "./support/engines.ts";
import { asObject, billingOf } from "./support/gateway.ts";
import { signUp } from "./support/people.ts";
import { startOperatedGateway, refusalOf, type OperatedGateway } from "./support/operator.ts";
import { operatorToken } from "../server/keys/operator-token.ts";

const question = { model: "astrolabe/auto", input: "Write one sentence explaining routing stacks." };
const token = operatorToken(Buffer.alloc(32, 7));

forEachEngine((engine) => {
  let gateway: OperatedGateway;
  let home: string;
  beforeAll(async () => {
    gateway = await startOperatedGateway(await engine.environment());
    const { data } = (await gateway.operator.send("GET", "/api/workspaces")).body;
    const [workspace] = Array.isArray(data) ? data.filter((one) => isObject(one)) : [];
    home = `/api/workspaces/${stringAt(workspace ?? {}, "id")}`;
  });
  afterEach(() => {
    expect(gateway.faults).toEqual([]);
  });
  afterAll(() => gateway.close());

  const play = (protocol: string, body: JsonObject, headers: Record<string, string> = {}, at = home) =>
    gateway.post(`${at}/playground/${protocol}`, body, { key: token, headers });
  const keys = async () => {
    const { data } = (await gateway.operator.send("GET", "/keys")).body;
    return (Array.isArray(data) ? data.filter((key) => isObject(key)) : []).filter(
      (key) => key["purpose"] === "playground",
    );
  };

  describe("the playground", () => {
    test("answers like the gateway, headers and all, and debits the workspace exactly", async () => {
      const before = await gateway.credits();
      const response = await play("responses", question);
      expect(response.status).toBe(200);
      expect(asObject(await response.clone().json())["object"]).toBe("response");
      expect(response.headers.get("x-astrolabe-stack-name")).toBe("default-optimizer");
      expect(response.headers.get("cache-control")).toBe("no-store");
      const trace = await gateway.traceOf(response);
      const debit = stringAt(billingOf(trace), "debit_usd") ?? "";
      expect(Number(debit)).toBeGreaterThan(0);
      const spent = before.balance - (await gateway.credits()).balance;
      expect(Number(spent) / 1e12).toBeCloseTo(Number(debit), 12);
    });

    test("speaks chat completions, messages and embeddings, and nothing it does not know", async () => {
      const chat = { model: "astrolabe/auto", messages: [{ role: "user", content: "Hi" }] };
      expect(asObject(await (await play("chat-completions", chat)).json())["object"]).toBe("chat.completion");
      expect(asObject(await (await play("messages", { ...chat, max_tokens: 50 })).json())["type"]).toBe("message");
      const vectors = { model: "titan-embed-text-v2", input: "Hi" };
      expect(asObject(await (await play("embeddings", vectors)).json())["object"]).toBe("list");
      expect(await refusalOf(await play("telepathy", {}))).toEqual([404, "not_found"]);
    });

    test("streams, and its headers come before the first byte", async () => {
      const response = await play("responses", { ...question, stream: true });
      expect(response.headers.get("content-type")).toStartWith("text/event-stream");
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(response.headers.get("x-astrolabe-model")).toBeTruthy();
      const text = await response.text();
      expect(text).toContain("response.output_text.delta");
      expect(text).toContain("response.completed");
    });

    test("makes one key of each mode however many ask at once, and says who answers for it", async () => {
      const other = stringAt((await gateway.operator.send("POST", "/api/workspaces", { name: "New" })).body, "id");
      const at = `/api/workspaces/${other}`;
      expect((await gateway.operator.send("GET", `${at}/playground`)).body).toMatchObject({
        live: { status: "unused", key: null },
        test: { status: "unused", key: null },
      });
      const answers = await Promise.all(Array.from({ length: 6 }, () => play("responses?mode=test", question, {}, at)));
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 200));
      const { data } = (await gateway.operator.send("GET", `${at}/keys`)).body;
      expect(data).toMatchObject([
        { name: "Playground (test)", mode: "test", purpose: "playground", rate_limit_per_minute: 60 },
      ]);
      expect(Array.isArray(data) ? data.length : 0).toBe(1);
      expect((await gateway.operator.send("GET", `${at}/playground`)).body).toMatchObject({
        test: { status: "active" },
      });
    });

    test("in test mode costs nothing and is answered by the sandbox", async () => {
      const before = await gateway.credits();
      const response = await play("responses?mode=test", question);
      expect(response.headers.get("x-astrolabe-selected-provider")).toBe("sandbox");
      await response.text();
      await gateway.traceOf(response);
      expect((await gateway.credits()).balance).toBe(before.balance);
    });

    test("obeys its key: what the key may not ask, and once it is revoked nothing, until it is renewed", async () => {
      await (await play("responses", question)).text();
      const [key] = (await keys()).filter(({ mode }) => mode === "live");
      const path = `/keys/${key?.["id"]}`;
      expect((await gateway.operator.send("POST", `${path}/rotate`, {})).status).toBe(409);
      await gateway.operator.send("PATCH", path, { allowed_models: ["openai/*"] });
      const elsewhere = { ...question, model: "anthropic/claude-sonnet-4.6" };
      expect(await refusalOf(await play("responses", elsewhere))).toEqual([409, "routing_policy_blocked"]);
      expect((await gateway.operator.send("POST", "/playground-key", { mode: "live" })).status).toBe(409);
      await gateway.operator.send("POST", `${path}/revoke`);
      expect(await refusalOf(await play("responses", question))).toEqual([403, "forbidden"]);
      expect((await gateway.operator.send("POST", "/playground-key", { mode: "live" })).status).toBe(201);
      expect((await play("responses", elsewhere)).status).toBe(200);
    });

    test("counts the requests of a minute like any key", async () => {
      const [first, second] = [await play("responses", question), await play("responses", question)];
      expect([first, second].map(({ headers }) => headers.get("x-ratelimit-limit"))).toEqual(["60", "60"]);
      expect(first.headers.get("x-ratelimit-remaining")).not.toBe(second.headers.get("x-ratelimit-remaining"));
    });

    test("takes bodies as large as the gateway does, and no more of a stranger than headers", async () => {
      const picture = `data:image/png;base64,${"A".repeat(1_500_000)}`;
      const content = [
        { type: "input_text", text: "What is this?" },
        { type: "input_image", image_url: picture },
      ];
      const large = { model: "astrolabe/vision", input: [{ role: "user", content }] };
      expect((await play("responses", large)).status).toBe(200);
      const stranger = await gateway.post(`${home}/playground/responses`, question, { key: gateway.liveKey });
      expect(stranger.status).toBe(401);
    });

    test("is for people who build, signed in by a cookie, from the server's own pages alone", async () => {
      const id = home.split("/").at(-1) ?? "";
      const headersOf = async (role: "developer" | "viewer" | undefined) =>
        (await signUp(gateway, role === undefined ? {} : { roles: { [id]: role } })).headers;
      const ask = (headers: Readonly<Record<string, string>>) =>
        fetch(`${gateway.url}${home}/playground/responses?mode=test`, {
          method: "POST",
          headers,
          body: JSON.stringify(question),
        });
      const developer = await headersOf("developer");
      expect((await ask(developer)).status).toBe(200);
      expect(await refusalOf(await ask({ ...developer, origin: "https://elsewhere.example" }))).toEqual([
        403,
        "forbidden",
      ]);
      expect(await refusalOf(await ask(await headersOf("viewer")))).toEqual([403, "forbidden"]);
      expect(await refusalOf(await ask(await headersOf(undefined)))).toEqual([404, "not_found"]);
    });

    test("leaves in the audit log who asked, under the id of the trace", async () => {
      const id = home.split("/").at(-1) ?? "";
      const person = await signUp(gateway, { roles: { [id]: "developer" }, email: "dev@example.com" });
      const body = JSON.stringify(question);
      const asked = await fetch(`${gateway.url}${home}/playground/responses`, {
        method: "POST",
        headers: person.headers,
        body,
      });
      await asked.text();
      const { data } = (await gateway.operator.send("GET", "/audit-events")).body;
      const [newest] = Array.isArray(data) ? data.filter((event) => isObject(event)) : [];
      expect(JSON.stringify(newest)).toContain("dev@example.com");
      expect(newest?.["request_id"]).toBe(asked.headers.get("x-astrolabe-cloud-request-id") ?? "");
    });

    test("of a suspended workspace is closed", async () => {
      await gateway.operator.send("PATCH", "", { status: "suspended" });
      expect(await refusalOf(await play("responses", question))).toEqual([403, "workspace_suspended"]);
      await gateway.operator.send("PATCH", "", { status: "active" });
    });
  });
});
