// GET /schema/package.json of a running server: what editors check astropods.yml by.

import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { blueprintJsonSchema } from "../../blueprint/json-schema.ts";
import { isObject, parseObject } from "../../server/contracts/json.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { root } from "../tidy/source-tree.ts";

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

test("anyone may read it, from anywhere, and keep it for a while", async () => {
  const response = await fetch(`${gateway.url}/schema/package.json`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/schema+json");
  expect(response.headers.get("cache-control")).toBe("public, max-age=3600");
  expect(response.headers.get("access-control-allow-origin")).toBe("*");
  const schema = parseObject(await response.text());
  expect(schema).toEqual(parseObject(await Bun.file(join(root, "docs/reference/astropods.schema.json")).text()));
});

test("it tells right from wrong", async () => {
  const schema = parseObject(await (await fetch(`${gateway.url}/schema/package.json`)).text());
  if (!isObject(schema)) throw new Error("no schema");
  const check = new Ajv2020({ allowUnionTypes: true }).compile(schema);
  expect(check({ spec: "blueprint/v1", name: "my-agent", agent: { image: "my-agent:latest" } })).toBe(true);
  expect(check({ spec: "blueprint/v1", name: "my-agent", agent: { imgae: "my-agent:latest" } })).toBe(false);
  const withSkill = (name: string) => ({ spec: "x", name: "my-agent", agent: { image: "a:1", skills: [{ name }] } });
  expect([check(withSkill("agents.write")), check(withSkill("agent.write"))]).toEqual([true, false]);
});

test("its patterns are ones that validators in every language know: no look-around, no back-reference", () => {
  const source = JSON.stringify(blueprintJsonSchema());
  const patterns = [...source.matchAll(/"pattern":"((?:[^"\\\\]|\\\\.)*)"/g)].map(([, pattern = ""]) => pattern);
  expect(patterns.length).toBeGreaterThan(10);
  expect(patterns.filter((pattern) => /\(\?<?[=!]|\\\\[1-9]/.test(pattern))).toEqual([]);
});
