// Receipts as a customer gets and checks them: with an independent library, against the published keys alone.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { LLMock } from "@copilotkit/aimock";
import { createLocalJWKSet, errors, jwtVerify, type JSONWebKeySet } from "jose";
import { isObject, objectAt, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { operatorToken } from "../server/keys/operator-token.ts";
import { asObject, startGateway, type TestGateway } from "./support/gateway.ts";

const master = Buffer.alloc(32, 7);
let mock: LLMock;
let gateway: TestGateway;

beforeAll(async () => {
  mock = new LLMock({ port: 0 });
  mock.onMessage("hello", { content: "Hi.", usage: { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 } });
  await mock.start();
  gateway = await startGateway({
    OPENROUTER_API_KEY: "sk-or-test",
    OPENROUTER_BASE_URL: `${mock.url}/v1`,
    ASTROLABE_MASTER_KEY: master.toString("base64"),
  });
});
afterAll(async () => {
  await gateway.close();
  await mock.stop();
});

/** The request id of an answer whose settlement is written. */
async function ask(key = gateway.liveKey): Promise<string> {
  const body = { model: "anthropic/claude-sonnet-4.6", messages: [{ role: "user", content: "hello" }] };
  const response = await gateway.post("/v1/chat/completions", body, { key });
  expect(response.status).toBe(200);
  await response.text();
  await gateway.traceOf(response);
  return response.headers.get("x-astrolabe-cloud-request-id") ?? "";
}

function isKeySet(value: JsonObject): value is JsonObject & JSONWebKeySet {
  return Array.isArray(value["keys"]) && value["keys"].every((key) => isObject(key) && typeof key["kty"] === "string");
}

async function publicKeys() {
  const answer = asObject(await (await fetch(`${gateway.url}/.well-known/jwks.json`)).json());
  if (!isKeySet(answer)) throw new Error("there is no set of keys");
  return createLocalJWKSet(answer);
}

const options = { typ: "astrolabe-receipt+jwt", algorithms: ["EdDSA"], issuer: "http://gateway.test" };

describe("a receipt", () => {
  test("says what was debited, and its signed form says the same", async () => {
    const id = await ask();
    const { jws, ...receipt } = await gateway.get(`/v1/receipts/${id}`);
    expect(receipt).toMatchObject({
      object: "receipt",
      iss: "http://gateway.test",
      request_id: id,
      status: "billed",
      reason: null,
      debit_usd: "0.001050000000",
      uncollected_usd: "0.000000000000",
      lines: [
        { unit: "input_token", count: 100, unit_price_usd: "0.000003000000", amount_usd: "0.000300000000" },
        { unit: "output_token", count: 50, amount_usd: "0.000750000000" },
      ],
    });
    const { payload, protectedHeader } = await jwtVerify(String(jws), await publicKeys(), options);
    expect(JSON.stringify(payload)).toBe(JSON.stringify(receipt));
    expect(protectedHeader).toMatchObject({ alg: "EdDSA", typ: "astrolabe-receipt+jwt" });
  });

  test("names the entry of the ledger that it is for", async () => {
    const id = await ask();
    const receipt = await gateway.get(`/v1/receipts/${id}`);
    const entries = await fetch(
      `${gateway.url}/api/workspaces/${stringAt(receipt, "workspace")}/ledger-entries?limit=1`,
      {
        headers: { authorization: `Bearer ${operatorToken(master)}` },
      },
    );
    const listed = asObject(await entries.json());
    const entry = objectAt(receipt, "entry") ?? {};
    expect(listed["data"]).toMatchObject([{ id: entry["id"], sequence: entry["sequence"], hash: entry["hash"] }]);
  });

  test("is the same whenever it is asked for, also by the control API", async () => {
    const id = await ask();
    const receipt = await gateway.get(`/v1/receipts/${id}`);
    expect(await gateway.get(`/receipts/${id}`)).toEqual(receipt);
    const path = `/api/workspaces/${stringAt(receipt, "workspace")}/receipts/${id}`;
    expect(await gateway.get(path, operatorToken(master))).toEqual(receipt);
  });

  test("of a request that was free says 0 and why", async () => {
    const receipt = await gateway.get(`/v1/receipts/${await ask(gateway.testKey)}`);
    expect(receipt).toMatchObject({ status: "unbillable", reason: "test_key", lines: [], entry: null });
    expect(receipt["debit_usd"]).toBe("0.000000000000");
    await jwtVerify(String(receipt["jws"]), await publicKeys(), options);
  });

  test("that was changed does not pass", async () => {
    const [header, payload = "", signature] = String((await gateway.get(`/v1/receipts/${await ask()}`))["jws"]).split(
      ".",
    );
    const changed = Buffer.from(payload, "base64url").toString().replace("0.001050000000", "0.000050000000");
    const forged = [header, Buffer.from(changed).toString("base64url"), signature].join(".");
    await expect(jwtVerify(forged, await publicKeys(), options)).rejects.toThrow(errors.JWSSignatureVerificationFailed);
  });
});

describe("there is no receipt", () => {
  test("for unknown requests, strangers, or other workspaces", async () => {
    const status = async (path: string, key: string) =>
      (await fetch(gateway.url + path, { headers: { authorization: `Bearer ${key}` } })).status;
    const id = await ask();
    expect(await status("/v1/receipts/req_unknown", gateway.liveKey)).toBe(404);
    expect(await status(`/v1/receipts/${id}`, "nobody")).toBe(401);
    expect(await status(`/api/workspaces/ws_other/receipts/${id}`, operatorToken(master))).toBe(404);
  });
});
