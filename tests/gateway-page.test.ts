// The AI Gateway page that agent developers read: its Python example as it stands, its models with what each is for, and
// its embeddings.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { arrayAt, isObject, parseJson, type JsonObject } from "../server/contracts/json.ts";
import { asObject, startGateway, type TestGateway } from "./support/gateway.ts";

const example = `from openai import OpenAI
import os

client = OpenAI(
    api_key=os.environ["ASTRO_GATEWAY_API_KEY"],
    base_url=os.environ["ASTRO_GATEWAY_URL"],
)

response = client.chat.completions.create(
    model="claude-sonnet-4-6",
    messages=[{"role": "user", "content": "Hello"}],
)
`;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

describe.each(["", "/v1"])("with the address ending in `%s`", (ending) => {
  test("the Python example is answered", async () => {
    const environment = {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      ASTRO_GATEWAY_URL: gateway.url + ending,
      ASTRO_GATEWAY_API_KEY: gateway.liveKey,
    };
    if (await succeeds("import openai")) {
      const child = Bun.spawn(["python3", "-c", `${example}\nprint(response.choices[0].message.content)`], {
        env: environment,
        stdout: "pipe",
        stderr: "pipe",
      });
      const [said, errors, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
      expect(exitCode, errors).toBe(0);
      expect(said).toContain("claude-sonnet-4-6");
      return;
    }
    process.stdout.write("Python has no openai package: the example's request was read and sent instead.\n");
    const answer = await fetch(`${(gateway.url + ending).replace(/\/$/, "")}/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${gateway.liveKey}`, "content-type": "application/json" },
      body: JSON.stringify(requestOf(example)),
    });
    expect(answer.status).toBe(200);
    expect(JSON.stringify(await answer.json())).toContain("claude-sonnet-4-6");
  });
});

async function succeeds(statement: string): Promise<boolean> {
  const child = Bun.spawn(["python3", "-c", statement], { stdout: "ignore", stderr: "ignore" });
  return (await child.exited) === 0;
}

function requestOf(source: string): JsonObject {
  const model = /model="([^"]+)"/.exec(source)?.[1] ?? "";
  const messages = parseJson(/messages=(\[.*\])/.exec(source)?.[1] ?? "");
  if (!Array.isArray(messages)) throw new Error("the example has no messages");
  return { model, messages };
}

const offered = ["claude-opus-4-8", "claude-sonnet-4-6", "claude-haiku-4-5", "titan-embed-text-v2"];

test("the models are listed with what each is for, one by one as well", async () => {
  const list = arrayAt(await gateway.get("/v1/models"), "agent_models") ?? [];
  expect(list.map((model) => (isObject(model) ? model["id"] : ""))).toEqual(offered);
  for (const model of list) {
    const { id, description } = asObject(model);
    expect(String(description).length).toBeGreaterThan(20);
    const one = await gateway.get(`/v1/models/${String(id)}`);
    expect(one).toMatchObject({ id, description, available: true });
    if (id !== "titan-embed-text-v2") expect(one).toMatchObject({ modalities: ["text", "image", "file"] });
  }
});

describe("titan-embed-text-v2", () => {
  const embed = (more: object) =>
    gateway.post("/v1/embeddings", { model: "titan-embed-text-v2", input: "stars", ...more });

  test.each([
    [{}, 1024],
    [{ dimensions: 1024 }, 1024],
    [{ dimensions: 512 }, 512],
    [{ dimensions: 256 }, 256],
  ])("%j gives vectors of %d numbers", async (more, length) => {
    const [first] = arrayAt(asObject(await (await embed(more)).json()), "data") ?? [];
    expect(arrayAt(asObject(first), "embedding")).toHaveLength(length);
  });

  test("other lengths are refused, with those that there are", async () => {
    const response = await embed({ dimensions: 300 });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: {
        code: "invalid_request",
        param: "dimensions",
        message: "`dimensions` must be 1024, 512 or 256 for `titan-embed-text-v2`.",
      },
    });
  });
});
