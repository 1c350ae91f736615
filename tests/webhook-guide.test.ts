// The webhook guide's own code and example, held against what the server sends.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { eventKinds, eventTypeOf } from "../server/contracts/events.ts";
import { newId } from "../server/contracts/ids.ts";
import { parseObject, stringAt } from "../server/contracts/json.ts";
import { signMessage } from "../server/webhooks/signature.ts";
import { onlyBlock } from "./readme/code-blocks.ts";
import { root } from "./tidy/source-tree.ts";

type IsGenuine = (secret: string, headers: object, body: string, nowSeconds?: number) => boolean;

const page = await Bun.file(join(root, "docs/guides/webhooks.md")).text();
const folder = mkdtempSync(join(tmpdir(), "astrolabe-guide-"));
let isGenuine: IsGenuine;

beforeAll(async () => {
  const path = join(folder, "is-genuine.mjs");
  writeFileSync(path, onlyBlock(page, "js", "isGenuine"));
  const guide: { isGenuine: IsGenuine } = await import(path);
  isGenuine = guide.isGenuine;
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the guide's check of a signature", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`;
  const event = {
    id: newId("evt"),
    workspaceId: newId("ws"),
    type: "webhook.test",
    data: { endpoint_id: "whe_1" },
    createdAt: now,
  } as const;

  test("takes what the server signs, with either secret during a change", () => {
    const { body, headers } = signMessage(event, [secretOf(1), secretOf(2)], now);
    expect([1, 2, 3].map((byte) => isGenuine(secretOf(byte), headers, body, now / 1000))).toEqual([true, true, false]);
  });

  test("refuses a changed body, another id and an old delivery", () => {
    const { body, headers } = signMessage(event, [secretOf(1)], now);
    expect(isGenuine(secretOf(1), headers, `${body} `, now / 1000)).toBe(false);
    expect(isGenuine(secretOf(1), { ...headers, "webhook-id": "evt_2" }, body, now / 1000)).toBe(false);
    expect(isGenuine(secretOf(1), headers, body, now / 1000 + 301)).toBe(false);
    expect(isGenuine(secretOf(1), { ...headers, "webhook-timestamp": "soon" }, body, now / 1000)).toBe(false);
  });
});

test("the guide's example is an event as its type declares it", () => {
  const example = parseObject(onlyBlock(page, "json", "budget.reached")) ?? {};
  const { data } = eventKinds[eventTypeOf(stringAt(example, "type") ?? "")];
  expect(data.safeParse(example["data"]).error).toBeUndefined();
});
