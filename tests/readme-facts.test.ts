// What the documents say about the code, checked without running it: the ladder of a request, the tree, the upstreams.

import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import { loadCatalogue } from "../server/catalogue/load-catalogue.ts";
import { readConfig } from "../server/config.ts";
import { errorTable } from "../server/contracts/errors.ts";
import { headerNames } from "../server/contracts/headers.ts";
import { gatewayDeclarations } from "../server/http/gateway/declarations.ts";
import { livePool, sandboxPool } from "../server/upstreams.ts";
import { sandboxProvider } from "../server/providers/sandbox/sandbox.ts";
import { codeBlocks, onlyBlock } from "./readme/code-blocks.ts";
import { listFiles, root } from "./tidy/source-tree.ts";

const readme = await read("README.md");
const architecture = await read("ARCHITECTURE.md");

function read(path: string): Promise<string> {
  return Bun.file(join(root, path)).text();
}

describe("the ladder in the README", () => {
  const ladder = onlyBlock(readme, "text", "authenticate");
  const refusals = [...ladder.matchAll(/ (\d{3}) ([a-z_]+(?:, [a-z_]+)*)$/gm)].flatMap(([, status, codes = ""]) =>
    codes.split(", ").map((code) => ({ code, status: Number(status) })),
  );

  test("has the steps of server/request in their order", () => {
    const steps = listFiles("server/request/[0-9]-*.ts").map((path) => /\d-([a-z-]+)\.ts$/.exec(path)?.[1] ?? "");
    expect(steps.length).toBe(10);
    const rungs = [...ladder.matchAll(/^ {2}([a-z-]+) /gm)].map(([, rung = ""]) => rung);
    expect(rungs.filter((rung) => steps.includes(rung))).toEqual(steps);
  });

  test("has every refusal of an inference request, with its status", () => {
    const statuses: Record<string, number> = Object.fromEntries(
      Object.entries(errorTable).map(([code, { status }]) => [code, status]),
    );
    for (const { code, status } of refusals) expect([code, statuses[code]]).toEqual([code, status]);
    const declared = gatewayDeclarations.find(({ path }) => path === "/v1/responses")?.errors ?? [];
    const ofEveryRoute = ["unauthorized", "rate_limited", "invalid_request", "invalid_json", "payload_too_large"];
    expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set([...ofEveryRoute, ...declared]));
  });
});

test("ARCHITECTURE.md names every folder of the server", () => {
  const folders = new Set(listFiles("server/*/**/*.ts").map((path) => path.split("/")[1] ?? ""));
  expect(folders.size).toBeGreaterThan(15);
  const tree = architecture.slice(architecture.indexOf("## The tree"), architecture.indexOf("## Who may import whom"));
  expect([...folders].filter((folder) => !new RegExp(`[\`/]${folder}/\``).test(tree))).toEqual([]);
});

test("ARCHITECTURE.md names every table of the database that a request writes", async () => {
  const [initial = ""] = await Promise.all(listFiles("server/storage/migrations/sqlite/0001-*.sql").map(read));
  const tables = [...initial.matchAll(/^CREATE TABLE (\w+)/gm)].map(([, table = ""]) => table);
  const written = tables.slice(tables.indexOf("accounts"), tables.indexOf("settings"));
  expect(written.length).toBe(6);
  expect(written.filter((table) => !architecture.includes(`\`${table}\``))).toEqual([]);
});

test("the page about headers names every header that answers and errors set", async () => {
  const sources = await Promise.all(["server/request/response-headers.ts", "server/http/error-response.ts"].map(read));
  const literals = sources.flatMap((text) =>
    [...text.matchAll(/"((?:x|www|retry)-[a-z-]+)"/g)].map(([, name = ""]) => name),
  );
  const set = [...Object.values(headerNames), ...literals];
  expect(set.length).toBeGreaterThan(20);
  const page = await read("docs/reference/headers.md");
  expect(set.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

describe("the upstreams that the documents configure", () => {
  for (const [page, count] of [
    ["README.md", 1],
    ["docs/guides/upstreams.md", 2],
  ] as const) {
    test(`in ${page} are accepted and each serve a model`, async () => {
      const examples = codeBlocks(await read(page)).filter(({ text }) => /(?:UPSTREAMS|DEPLOYMENTS)=/.test(text));
      expect(examples.length).toBe(count);
      for (const { text } of examples) {
        const variables = [...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]);
        const { upstreams } = livePool(readConfig(Object.fromEntries(variables)).upstreams, sandbox());
        expect(upstreams.length).toBeGreaterThan(0);
        const served = (upstream: (typeof upstreams)[number]) =>
          loadCatalogue().models.some((model) => upstream.upstreamModel(model) !== undefined);
        expect(upstreams.filter((upstream) => !served(upstream))).toEqual([]);
      }
    });
  }
});

function sandbox() {
  return sandboxPool(sandboxProvider({ sleep: async () => {} }));
}
