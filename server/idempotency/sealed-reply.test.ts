import { expect, test } from "bun:test";
import { newId } from "../contracts/ids.ts";
import { openReply, sealReply, type KeptReply } from "./sealed-reply.ts";

const sealKey = new Uint8Array(32).fill(3);
const owner = { keyHash: "hash-of-the-key", requestId: newId("req") };
const answer = (text: string): KeptReply => ({
  kind: "answer",
  status: 200,
  stream: true,
  headers: { "x-astrolabe-model": "m" },
  body: new TextEncoder().encode(text),
});
const replies: [string, KeptReply][] = [
  ["a short answer", answer("data: one\n\ndata: zwölf\n\n")],
  ["an empty answer", answer("")],
  ["a long answer", answer("data: the same again\n\n".repeat(10_000))],
  ["a reason why there is none", { kind: "not_kept", reason: "too_large" }],
];

test.each(replies)("%s opens as it was sealed", (_, reply) => {
  expect(openReply(sealKey, owner, sealReply(sealKey, owner, reply))).toEqual(reply);
});

test("a long answer is stored in fewer bytes, and none of its words can be read", () => {
  const sealed = sealReply(sealKey, owner, answer("secret ".repeat(10_000)));
  expect(sealed.byteLength).toBeLessThan(1_000);
  const short = Buffer.from(sealReply(sealKey, owner, answer("secret")));
  expect(short.includes("secret")).toBe(false);
  expect(short.includes("x-astrolabe")).toBe(false);
});

test("the same answer is never sealed into the same bytes", () => {
  expect(sealReply(sealKey, owner, answer("a"))).not.toEqual(sealReply(sealKey, owner, answer("a")));
});

test("it opens for no other key, request or secret, and not when a byte was changed", () => {
  const sealed = sealReply(sealKey, owner, answer("secret"));
  expect(() => openReply(sealKey, { ...owner, keyHash: "another" }, sealed)).toThrow();
  expect(() => openReply(sealKey, { ...owner, requestId: newId("req") }, sealed)).toThrow();
  expect(() => openReply(new Uint8Array(32), owner, sealed)).toThrow();
  for (let index = 0; index < sealed.length; index++) {
    const changed = Uint8Array.from(sealed);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(() => openReply(sealKey, owner, changed)).toThrow();
  }
});
