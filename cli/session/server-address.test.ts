import { expect, test } from "bun:test";
import { isPrivate, serverAddress } from "./server-address.ts";

test("an address has one spelling", () => {
  expect(serverAddress("https://Gateway.example.com:443/", {}, undefined)).toBe("https://gateway.example.com");
  expect(serverAddress("gateway.example.com/astro/", {}, undefined)).toBe("https://gateway.example.com/astro");
});

test("what is typed wins over the variable, the variable over the last server, and this machine is what is left", () => {
  const variable = { ASTRO_SERVER_URL: "https://variable.example" };
  expect(serverAddress("https://typed.example", variable, "https://last.example")).toBe("https://typed.example");
  expect(serverAddress(undefined, variable, "https://last.example")).toBe("https://variable.example");
  expect(serverAddress(undefined, {}, "https://last.example")).toBe("https://last.example");
  expect(serverAddress(undefined, {}, undefined)).toBe("http://127.0.0.1:8787");
});

test.each(["ftp://x", "https://user:secret@x", "not an address", "", "http://"])("%s is refused", (typed) => {
  expect(() => serverAddress(typed, {}, undefined)).toThrow("is not the address of a server");
});

test("only this machine is private without https", () => {
  const servers = [
    "https://a.example",
    "http://127.0.0.1:1",
    "http://localhost:1",
    "http://[::1]:1",
    "http://10.0.0.1",
  ];
  expect(servers.map(isPrivate)).toEqual([true, true, true, true, false]);
});
