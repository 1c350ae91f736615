// Runs the README's examples against the real server: what readers copy has to work.

import { join } from "node:path";
import { mkdir, rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { isObject, objectAt, parseObject, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { guaranteedHeaders, headerNames } from "../server/contracts/headers.ts";
import { codeBlocks, onlyBlock, readPythonRequest } from "./readme/code-blocks.ts";
import { exampleFor, runExample, type Outcome } from "./readme/run-example.ts";
import { startServer, type RunningServer } from "./readme/running-server.ts";
import { root } from "./tidy/source-tree.ts";

const documentedAddress = "http://127.0.0.1:8787";
const markdown = await Bun.file(join(root, "README.md")).text();
const curlExample = onlyBlock(markdown, "sh", "curl ");
const pythonExample = onlyBlock(markdown, "python", "openai");
const typeScriptExample = onlyBlock(markdown, "ts", "openai");

describe("the README's examples", () => {
  test("all ask the documented address for astrolabe/auto with the key from the environment", () => {
    for (const example of [curlExample, pythonExample, typeScriptExample]) {
      expect(example).toContain(`${documentedAddress}/v1`);
      expect(example).toContain("astrolabe/auto");
      expect(example).toContain("ASTROLABE_API_KEY");
    }
  });

  test("in Python and TypeScript ask the same as the one in curl", () => {
    const curlBody = parseObject(/-d '([^']+)'/.exec(curlExample)?.[1] ?? "") ?? {};
    const python = readPythonRequest(pythonExample);
    expect(python.baseUrl + python.path).toBe(`${documentedAddress}/v1/responses`);
    expect(python.body).toEqual({ model: stringAt(curlBody, "model") ?? "", input: stringAt(curlBody, "input") ?? "" });
    for (const text of Object.values(python.body)) expect(typeScriptExample).toContain(text);
  });

  test("in shells have balanced quotes and no line that ends in a stray backslash", async () => {
    const shells = codeBlocks(markdown).filter((block) => block.language === "sh");
    expect(shells.length).toBeGreaterThan(4);
    for (const { text } of shells) {
      const checked = Bun.spawn(["bash", "-n", "-c", text], { stderr: "pipe" });
      expect(await checked.exited, text).toBe(0);
      expect(text.trimEnd().endsWith("\\")).toBe(false);
    }
  });
});

describe("against a server that has just been started for the first time, the README's example", () => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(async () => {
    await server.stop();
  });

  test("in curl is answered with all guaranteed headers", async () => {
    const { output, exitCode } = await run(["bash", "-c", here(curlExample)]);
    expect(exitCode, output).toBe(0);
    const [head = "", body = ""] = output.split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 200/);
    const names = head.split("\r\n").map((line) => (line.split(":")[0] ?? "").toLowerCase());
    for (const { name } of guaranteedHeaders) expect(names).toContain(name);
    expectAnswer(parseObject(body));
  });

  test("in Python is answered", async () => {
    const hasPackage = (await run(["python3", "-c", "import openai"])).exitCode === 0;
    if (hasPackage) {
      const { output, exitCode } = await run(["python3", "-c", here(pythonExample)]);
      expect(exitCode, output).toBe(0);
      expect(output.trim()).not.toBe("");
      return;
    }
    process.stdout.write("Python has no openai package: the example's request was read and sent instead.\n");
    const { baseUrl, path, body } = readPythonRequest(here(pythonExample));
    const answer = await fetch(`${baseUrl}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.testKey}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
    expectAnswer(parseObject(await answer.text()));
  });

  test("in TypeScript prints the answer, the model and the request's id", async () => {
    // Below the root, so that the package resolves as it would in a project.
    const folder = join(root, "tmp");
    const file = join(folder, `readme-${process.pid}.ts`);
    await mkdir(folder, { recursive: true });
    await Bun.write(file, here(typeScriptExample));
    const { output, exitCode } = await run([process.execPath, file]);
    await rm(file);
    expect(exitCode, output).toBe(0);
    expect(output).toMatch(/\S+\n[\w./-]+ req_[0-9a-f]{32}\n$/);
  });

  test("in curl leads to its trace by the first header", async () => {
    const { output } = await run(["bash", "-c", here(curlExample)]);
    const requestId = new RegExp(`^${headerNames.requestId}: (\\S+)`, "im").exec(output)?.[1] ?? "";
    const answer = await fetch(`${server.address}/v1/traces/${requestId}`, {
      headers: { "x-api-key": server.testKey },
    });
    expect(answer.status).toBe(200);
    expect(stringAt(parseObject(await answer.text()) ?? {}, "request_id")).toBe(requestId);
  });

  test("is not needed: the start prints a curl line that is answered when pasted", async () => {
    const pasted = /^ *curl (?:.*\\\n)*.*$/m.exec(server.printed())?.[0] ?? "";
    expect(pasted).toContain(`${server.address}/v1/responses`);
    const { output, exitCode } = await run(["bash", "-c", pasted]);
    expect(exitCode, output).toBe(0);
    expectAnswer(parseObject(output));
  });

  test("on the operator's commands makes a key and grants credits", async () => {
    const { output, exitCode } = await run(["bash", "-e", "-c", onlyBlock(markdown, "sh", "npx astrolabe")]);
    expect(exitCode, output).toBe(0);
    expect(output).toMatch(/\bastrolabe_live_\w{38}\b/);
    expect(output).toContain("Granted 10 USD.");
    // `npx` takes seconds to begin on a busy machine.
  }, 30_000);

  function here(example: string): string {
    return exampleFor(server, example);
  }

  function run(command: readonly string[]): Promise<Outcome> {
    return runExample(command, server);
  }
});

function expectAnswer(body: JsonObject | undefined): void {
  const output = body?.["output"];
  const message = Array.isArray(output)
    ? output.find((item) => isObject(item) && item["type"] === "message")
    : undefined;
  expect(stringAt(body ?? {}, "object")).toBe("response");
  expect(message).toBeDefined();
  expect(objectAt(body ?? {}, "usage")).toBeDefined();
}
