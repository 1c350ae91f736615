// Runs the guides' examples against the real server, and holds the JSON they show against the code.

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { errorTable, type ErrorCode } from "../server/contracts/errors.ts";
import { arrayAt, isObject, objectAt, parseObject, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { parseUsd } from "../server/money/picodollars.ts";
import { policyProblems } from "../server/stacks/checked-policy.ts";
import { codeBlocks } from "./readme/code-blocks.ts";
import { exampleFor, runExample } from "./readme/run-example.ts";
import { startServer, type RunningServer } from "./readme/running-server.ts";
import { listFiles, root } from "./tidy/source-tree.ts";

// Every example is a process of its own, which takes its time on a busy machine.
setDefaultTimeout(120_000);

const pages = await Promise.all(
  listFiles("docs/guides/*.md", "docs/sandbox.md", "docs/reference/*.md").map(async (path) => {
    return { path, blocks: codeBlocks(await Bun.file(join(root, path)).text()) };
  }),
);

/** What starts a server or configures one is not for the server that runs already. */
const ownStart = /^.*npm start$|^export [A-Z_]+=.*\.\.\.$/gm;
const configuresUpstreams = /^export ASTROLABE_UPSTREAMS=/m;

const shellExamples = pages.flatMap(({ path, blocks }) =>
  blocks
    .filter(({ language, text }) => language === "sh" && !configuresUpstreams.test(text))
    .map(({ text }) => ({ path, script: text.replaceAll(ownStart, "").trim() }))
    .filter(({ script }) => script !== ""),
);

const jsonExamples = pages.flatMap(({ path, blocks }) =>
  blocks
    .filter(({ language }) => language === "json")
    .map(({ text }) => ({ path, json: parseObject(text) ?? ({} satisfies JsonObject) })),
);

describe("against a server that has just been started for the first time, the guides'", () => {
  let server: RunningServer;
  let requestId = "";
  let workspaceId = "";

  beforeAll(async () => {
    server = await startServer();
    const answer = await ask({ model: "astrolabe/auto", input: "Name three uses of an astrolabe." });
    requestId = answer.headers.get("x-astrolabe-cloud-request-id") ?? "";
    workspaceId = answer.headers.get("x-astrolabe-cloud-workspace") ?? "";
  });

  afterAll(async () => {
    await server.stop();
  });

  test("shell examples all succeed", async () => {
    expect(shellExamples.length).toBeGreaterThan(6);
    for (const { path, script } of shellExamples) {
      const filledIn = exampleFor(server, script).replaceAll("req_...", requestId);
      const strict = filledIn.replaceAll(/\bcurl /g, "curl --no-progress-meter --fail-with-body ");
      const command = `WORKSPACE=${workspaceId}\n${strict}`;
      const { output, exitCode } = await runExample(["bash", "-e", "-c", command], server);
      expect(exitCode, `${path}:\n${script}\n${output}`).toBe(0);
    }
  });

  test("requests are answered", async () => {
    const requests = jsonExamples.filter(({ json }) => json["input"] !== undefined);
    expect(requests.length).toBeGreaterThan(1);
    for (const { path, json } of requests) {
      const answer = await ask(json);
      expect([path, answer.status]).toEqual([path, 200]);
    }
  });

  test("OpenAPI document is the one that the server gives", async () => {
    const served = parseObject(await (await fetch(`${server.address}/api/openapi.json`)).text());
    expect(served).toEqual(parseObject(await Bun.file(join(root, "docs/reference/openapi.json")).text()));
  });

  function ask(body: JsonObject): Promise<Response> {
    return fetch(`${server.address}/v1/responses`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.testKey}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  }
});

describe("the JSON in documents", () => {
  test("is JSON", () => {
    expect(jsonExamples.length).toBeGreaterThan(4);
    for (const { path, json } of jsonExamples) expect([path, Object.keys(json).length > 0]).toEqual([path, true]);
  });

  test("shows policies that can be saved", () => {
    const policies = jsonExamples.filter(({ json }) => json["boundaries"] !== undefined);
    expect(policies.length).toBeGreaterThan(0);
    for (const { json } of policies) expect(policyProblems(json)).toEqual([]);
  });

  test("shows errors in the words of the table", () => {
    const errors = objectsNamed("error");
    expect(errors.length).toBeGreaterThan(1);
    for (const error of errors) {
      const row = errorTable[codeOf(error)];
      expect(error).toMatchObject({ message: row.message, type: row.type, hint: row.hint });
    }
  });

  test("shows debits that add up", () => {
    const billed = objectsNamed("billing");
    expect(billed.length).toBeGreaterThan(0);
    for (const billing of billed) {
      const lines = (arrayAt(billing, "lines") ?? []).flatMap((line) => (isObject(line) ? [line] : []));
      const amounts = lines.map((line) => usd(line, "amount_usd"));
      expect(lines.map((line) => usd(line, "unit_price_usd") * BigInt(Number(line["count"])))).toEqual(amounts);
      expect(amounts.reduce((sum, amount) => sum + amount, 0n)).toBe(usd(billing, "debit_usd"));
    }
  });
});

function objectsNamed(field: string): JsonObject[] {
  return jsonExamples.flatMap(({ json }) => {
    const named = objectAt(json, field);
    return named === undefined ? [] : [named];
  });
}

function codeOf(error: JsonObject): ErrorCode {
  const code = Object.keys(errorTable).find((name): name is ErrorCode => name === error["code"]);
  if (code === undefined) throw new Error(`The table has no error ${stringAt(error, "code")}.`);
  return code;
}

function usd(source: JsonObject, field: string): bigint {
  return parseUsd(stringAt(source, field) ?? "") ?? -1n;
}
