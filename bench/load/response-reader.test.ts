import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { ResponseReader } from "./response-reader.ts";

type Reading = { readonly status: number; readonly body: string; readonly complete: boolean };

function read(parts: readonly Buffer[]): Reading {
  const reader = new ResponseReader();
  const body: Buffer[] = [];
  reader.reset((part) => body.push(Buffer.from(part)));
  const complete = parts.map((part) => reader.push(part)).at(-1) ?? false;
  return { status: reader.status, body: Buffer.concat(body).toString(), complete };
}

const sized = Buffer.from("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\ncafé!");
const chunked = Buffer.from(
  "HTTP/1.1 429 Too Many Requests\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;note=1\r\n0123456789\r\n0\r\nx-trailer: 1\r\n\r\n",
);

describe("a response read off a raw socket", () => {
  test("ends where its content-length says", () => {
    expect(read([sized])).toEqual({ status: 200, body: "café!", complete: true });
  });

  test("ends after the trailer of its last chunk, framing removed", () => {
    expect(read([chunked])).toEqual({ status: 429, body: "abc0123456789", complete: true });
  });

  test("is complete without a body when its length is zero", () => {
    expect(read([Buffer.from("HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n")])).toEqual({
      status: 204,
      body: "",
      complete: true,
    });
  });

  test("reads the same however the bytes are split", () => {
    const response = fc.constantFrom(sized, chunked);
    fc.assert(
      fc.property(response, fc.array(fc.nat(200), { maxLength: 12 }), (whole, cuts) => {
        const ends = [...cuts.filter((cut) => cut > 0 && cut < whole.length), whole.length].toSorted((a, b) => a - b);
        const parts = ends.map((end, index) => whole.subarray(ends[index - 1] ?? 0, end));
        expect(read(parts)).toEqual(read([whole]));
      }),
    );
  });

  test("is not complete while bytes are missing", () => {
    expect(read([sized.subarray(0, -1)]).complete).toBe(false);
    expect(read([chunked.subarray(0, -2)]).complete).toBe(false);
  });

  test("can be followed by another one on the same connection", () => {
    const reader = new ResponseReader();
    expect(reader.push(sized)).toBe(true);
    reader.reset();
    expect(reader.push(chunked)).toBe(true);
    expect(reader.status).toBe(429);
  });

  test("is refused when it has no end, or goes on after it", () => {
    expect(() => read([Buffer.from("HTTP/1.1 200 OK\r\n\r\nforever")])).toThrow("neither a content-length nor chunks");
    expect(() => read([Buffer.concat([sized, Buffer.from("x")])])).toThrow("more than one response");
    expect(() => read([Buffer.from("SSH-2.0\r\n\r\n")])).toThrow("HTTP/1.1");
  });
});
