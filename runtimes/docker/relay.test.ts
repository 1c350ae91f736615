import { afterEach, describe, expect, test } from "bun:test";
import { isLoopback, urlForContainers } from "./host-address.ts";
import { openRelay, type Relay } from "./relay.ts";

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function relayTo(answer: (request: Request) => Response, admits: boolean): Promise<Relay> {
  const service = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: answer });
  const relay = await openRelay({
    listen: { address: "127.0.0.1", port: 0 },
    target: { host: "127.0.0.1", port: service.port ?? 0 },
    admits: async () => admits,
  });
  ends.push(relay.close, () => service.stop(true));
  return relay;
}

describe("the relay", () => {
  test("passes on requests, large bodies and streams", async () => {
    const relay = await relayTo((request) => new Response(request.body), true);
    const body = "x".repeat(3_000_000);
    const response = await fetch(`http://127.0.0.1:${relay.port}/`, { method: "POST", body });
    expect((await response.text()).length).toBe(body.length);
  });

  test("closes the connection of who is not admitted before the service sees anything", async () => {
    let asked = 0;
    const relay = await relayTo(() => {
      asked++;
      return new Response("hello");
    }, false);
    const answer = fetch(`http://127.0.0.1:${relay.port}/`);
    expect(answer).rejects.toThrow();
    await answer.catch(() => undefined);
    expect(asked).toBe(0);
  });

  test("ends what is open when it closes", async () => {
    const relay = await relayTo(
      () => new Response(new ReadableStream({ start: (stream) => stream.enqueue("a") })),
      true,
    );
    const response = await fetch(`http://127.0.0.1:${relay.port}/`);
    const rest = response.text();
    await relay.close();
    ends.shift();
    expect(rest).rejects.toThrow();
    await rest.catch(() => undefined);
  });

  test("says so when its port is taken", async () => {
    const relay = await relayTo(() => new Response("hello"), true);
    const listen = { address: "127.0.0.1", port: relay.port };
    const second = openRelay({ listen, target: { host: "127.0.0.1", port: 1 }, admits: async () => true });
    expect(second).rejects.toMatchObject({ code: "conflict" });
    await second.catch(() => undefined);
  });
});

describe("addresses for containers", () => {
  test("know what is loopback", () => {
    for (const url of ["http://localhost:1/v1", "http://127.0.0.1/v1", "http://[::1]:8/", "http://a.localhost/"]) {
      expect(isLoopback(url)).toBe(true);
    }
    for (const url of ["https://gateway.example.com/v1", "http://10.0.0.1/v1", "nonsense"]) {
      expect(isLoopback(url)).toBe(false);
    }
  });

  test("keep all of a URL but its host and port", () => {
    expect(urlForContainers("http://127.0.0.1:8787/v1", "host.docker.internal", 4000)).toBe(
      "http://host.docker.internal:4000/v1",
    );
  });
});
