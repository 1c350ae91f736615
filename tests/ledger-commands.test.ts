// The ledger's commands over a real database, with the server's connection open, as an operator runs them.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { parse } from "csv-parse/sync";
import { csvColumns } from "../server/audit/export-entries.ts";
import { receiptOf } from "../server/audit/receipt.ts";
import { receiptSigner } from "../server/audit/receipt-signature.ts";
import { readConfig } from "../server/config.ts";
import { runCli } from "../server/cli/run-cli.ts";
import { arrayAt, isObject, parseObject, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { deriveKey } from "../server/keys/master-secret.ts";
import { receiptStore } from "../server/storage/receipt-store.ts";
import { onlyBlock } from "./readme/code-blocks.ts";
import { openLedgerWithHistory, type LedgerWithHistory } from "./support/ledger-with-history.ts";
import { runProgram, temporaryDirectory } from "./support/server-process.ts";
import { root } from "./tidy/source-tree.ts";

const master = new Uint8Array(32).fill(7);
const files = temporaryDirectory();
let made: LedgerWithHistory;
let environment: Record<string, string>;

beforeAll(async () => {
  made = await openLedgerWithHistory();
  environment = {
    ASTROLABE_DATA_DIR: made.dataDir,
    ASTROLABE_MASTER_KEY: Buffer.from(master).toString("base64"),
  };
});
afterAll(async () => {
  await made.close();
  files.remove();
});

async function astrolabe(words: string, changes: Record<string, string> = {}) {
  const [printed, errors]: [string[], string[]] = [[], []];
  const out = {
    info: (line: string) => printed.push(`${line}\n`),
    error: (line: string) => errors.push(line),
    write: async (text: string) => void printed.push(text),
  };
  const code = await runCli(words.split(" "), {
    environment: { ...environment, ...changes },
    readSettings: readConfig,
    out,
  });
  return { code, printed: printed.join(""), errors: errors.join("\n") };
}

function file(name: string, text: string): string {
  const path = join(files.path, name);
  writeFileSync(path, text);
  return path;
}

/** Changes the database, runs, and changes it back. */
async function changed<Result>(change: string, back: string, run: () => Promise<Result>): Promise<Result> {
  const sqlite = new Database(join(made.dataDir, "astrolabe.sqlite"));
  sqlite.run(change);
  try {
    return await run();
  } finally {
    sqlite.run(back);
    sqlite.close();
  }
}

const [change, back] = [
  "UPDATE ledger_entries SET memo = memo || 'x' WHERE sequence = 2",
  "UPDATE ledger_entries SET memo = '' WHERE sequence = 2",
] as const;

describe("ledger verify", () => {
  test("sums up, and exits with 0 when the ledger agrees", async () => {
    const { code, printed, errors } = await astrolabe("ledger verify");
    expect([code, errors]).toEqual([0, ""]);
    expect(printed).toContain("2 workspaces, 16 entries, 10 debits recomputed.");
    expect(printed).toContain("The ledger agrees.");
  });

  test("exits with 1 and names workspace and entry when it does not", async () => {
    const { code, printed } = await changed(change, back, () => astrolabe("ledger verify"));
    expect(code).toBe(1);
    expect(printed).toContain(`${made.workspaces[0]} entry 2: the hash is not`);
    const one = await changed(change, back, () => astrolabe(`ledger verify --json --workspace ${made.workspaces[1]}`));
    expect(parseObject(one.printed)).toMatchObject({ ok: false, workspaces: 1, finding_count: 1 });
  });

  test("takes its own output as heads", async () => {
    const heads = file("heads.json", (await astrolabe("ledger verify --json")).printed);
    expect((await astrolabe(`ledger verify --heads ${heads}`)).code).toBe(0);
    const text = readFileSync(heads, "utf8").replaceAll(/"hash":"../g, '"hash":"zz');
    const others = await astrolabe(`ledger verify --heads ${file("others.json", text)}`);
    expect([others.code, others.printed.includes("entry 8: an entry that was noted earlier is gone")]).toEqual([
      1,
      true,
    ]);
  });

  test("says what is missing: a database, a workspace, heads", async () => {
    const nowhere = await astrolabe("ledger verify", { ASTROLABE_DATA_DIR: files.path });
    expect([nowhere.code, nowhere.errors.includes("start the server once")]).toEqual([1, true]);
    expect((await astrolabe("ledger verify --workspace ws_x")).errors).toContain("no account of ws_x");
    expect((await astrolabe(`ledger verify --heads ${file("none.json", "{}")}`)).errors).toContain("has none");
    expect((await astrolabe(`ledger verify --heads ${files.path}/absent`)).errors).toContain("cannot be read");
  });
});

describe("ledger export", () => {
  test("has all that a stranger needs to check the chain", async () => {
    const { code, printed } = await astrolabe("ledger export --format jsonl");
    expect(code).toBe(0);
    const entries = printed
      .trim()
      .split("\n")
      .map((line) => parseObject(line) ?? {});
    expect(entries.length).toBe(16);
    for (const { previous_hash: previous, hash, ...entry } of entries) {
      const text = `${String(previous)}\n${JSON.stringify(Object.values(entry))}`;
      expect(createHash("sha256").update(text).digest("hex")).toBe(String(hash));
    }
  });

  test("passes the check that the guide shows, and a changed one does not", async () => {
    const guide = await Bun.file(join(root, "docs/guides/ledger.md")).text();
    const program = file("check.mjs", onlyBlock(guide, "js", "createHash"));
    const path = join(files.path, "ledger.jsonl");
    expect((await astrolabe(`ledger export --format jsonl --output ${path}`)).printed).toContain("16 entries in ");
    const check = (exported: string) => Bun.spawnSync(["node", program, exported]);
    const good = check(path);
    expect([good.exitCode, good.stdout.toString().includes(made.workspaces[0] ?? "-")]).toEqual([0, true]);
    const lines = readFileSync(path, "utf8").trim().split("\n");
    const without = file("without.jsonl", lines.toSpliced(3, 1).join("\n"));
    expect(check(without).stderr.toString()).toContain("not in the chain");
  });

  test("as CSV has the documented columns, and no cell that a spreadsheet would run", async () => {
    const { printed } = await astrolabe(`ledger export --format csv --workspace ${made.workspaces[0]}`);
    const [header = [], ...rows] = parse(printed, { record_delimiter: "\r\n" });
    const guide = await Bun.file(join(root, "docs/guides/ledger.md")).text();
    expect(header).toEqual([...csvColumns]);
    expect(guide.replaceAll(/\s+/g, " ")).toContain(csvColumns.map((column) => `\`${column}\``).join(", "));
    expect(rows.length).toBe(8);
    expect(rows[0]?.[header.indexOf("memo")]).toBe('\'=memo, "quoted"\u{1F52D}');
    expect(rows[0]?.[header.indexOf("amount_usd")]).toBe("25.000000000000");
    expect(rows[1]?.[header.indexOf("amount_usd")]).toMatch(/^-0\.\d{12}$/);
  });

  test("is of the period alone, with the hash before each entry", async () => {
    const period = "--from 2030-01-01T00:00:02Z --to 2030-01-01T00:00:04Z";
    const { printed } = await astrolabe(`ledger export --format jsonl ${period} --workspace ${made.workspaces[0]}`);
    const entries = printed.trim().split("\n").map(parseObject);
    expect(entries).toMatchObject([{ sequence: 3 }, { sequence: 4 }]);
    expect(entries[1]?.["previous_hash"]).toBe(entries[0]?.["hash"]);
    expect((await astrolabe("ledger export --format jsonl --from tomorrow")).code).toBe(2);
    expect((await astrolabe("ledger export --format xml")).code).toBe(2);
  });

  test("arrives whole through a pipe", async () => {
    const { stdout, exitCode } = await runProgram(["ledger", "export", "--format", "jsonl"], environment);
    expect([exitCode, stdout]).toEqual([0, (await astrolabe("ledger export --format jsonl")).printed]);
  });
});

describe("ledger reconcile", () => {
  /** What the history used, as a provider would bill it. */
  const header = "model,requests,input_tokens,output_tokens,cost_usd";
  async function billed(factor: bigint): Promise<string> {
    const path = file("empty.csv", `${header}\n`);
    const { printed, code } = await astrolabe(`ledger reconcile --json --provider openrouter --file ${path}`);
    expect(code).toBe(1);
    const models = (arrayAt(parseObject(printed) ?? {}, "models") ?? []).filter((model) => isObject(model));
    const rows = models.map((model) => {
      const ours: JsonObject = isObject(model["ours"]) ? model["ours"] : {};
      const cost = BigInt((stringAt(ours, "cost_usd") ?? "").replace("0.", "")) * factor;
      const usd = `0.${(cost / 1_000n).toString().padStart(12, "0")}`;
      return [stringAt(model, "model"), ours["requests"], ours["input_tokens"], ours["output_tokens"], usd].join(",");
    });
    expect(rows.length).toBe(2);
    return file(`billed-${factor}.csv`, [header, ...rows].join("\n"));
  }

  test("agrees with a bill for what was used", async () => {
    const { code, printed } = await astrolabe(`ledger reconcile --provider openrouter --file ${await billed(1_000n)}`);
    expect([code, printed.includes("Within 0.5%.")]).toEqual([0, true]);
    expect(printed).toMatch(/^total +10 +10 .* 0 +0\.00$/m);
  });

  test("exits with 1 when the bill is further off than tolerated", async () => {
    const words = `ledger reconcile --provider openrouter --file ${await billed(1_010n)}`;
    const { code, printed } = await astrolabe(words);
    expect([code, printed.includes("Further apart than 0.5%.")]).toEqual([1, true]);
    expect((await astrolabe(`${words} --tolerance 1`)).code).toBe(0);
    expect((await astrolabe(`${words} --tolerance much`)).code).toBe(2);
  });

  test("has nothing to say about a period in which nothing happened", async () => {
    const path = file("empty.csv", `${header}\n`);
    expect((await astrolabe(`ledger reconcile --provider openrouter --file ${path} --to 2029-01-01`)).code).toBe(0);
  });
});

describe("receipts verify", () => {
  async function receipt(): Promise<JsonObject> {
    const [workspaceId, requestId] = [made.workspaces[0], made.requests[0]];
    const found = workspaceId && requestId && (await receiptStore(made.query).find(workspaceId, requestId));
    if (!found) throw new Error("there is no request");
    const said = receiptOf(found, "https://gateway.example");
    const jws = receiptSigner(deriveKey(master, "receipts")).sign(said);
    return parseObject(JSON.stringify({ ...said, jws })) ?? {};
  }

  test("accepts a receipt, as JSON or in its signed form alone", async () => {
    const said = await receipt();
    const whole = await astrolabe(`receipts verify ${file("receipt.json", JSON.stringify(said))}`);
    expect([whole.code, whole.errors]).toEqual([0, ""]);
    expect(whole.printed).toContain(`Request ${made.requests[0]} of ${made.workspaces[0]}`);
    expect(whole.printed).toContain("Entry 2, hash ");
    expect((await astrolabe(`receipts verify ${file("receipt.jws", String(said["jws"]))}`)).code).toBe(0);
  });

  test("reads standard input, and public keys out of a file", async () => {
    const keys = file("jwks.json", JSON.stringify(receiptSigner(deriveKey(master, "receipts")).jwks));
    const said = file("piped.json", JSON.stringify(await receipt()));
    const command = `"${process.execPath}" server/main.ts receipts verify - --jwks ${keys} < ${said}`;
    const { exitCode, stdout } = Bun.spawnSync(["sh", "-c", command], { cwd: root, env: {} });
    expect([exitCode, stdout.toString().includes("The signature is good.")]).toEqual([0, true]);
  });

  test("refuses what was changed, beside the signature or under it", async () => {
    const said = await receipt();
    const beside = file("beside.json", JSON.stringify({ ...said, debit_usd: "0.000000000000" }));
    expect((await astrolabe(`receipts verify ${beside}`)).errors).toContain("says something else");
    const [header, , signature] = String(said["jws"]).split(".");
    const forged = [header, Buffer.from('{"debit_usd":"0"}').toString("base64url"), signature].join(".");
    const under = await astrolabe(`receipts verify ${file("forged.jws", forged)}`);
    expect([under.code, under.errors]).toEqual([1, "The signature is not that of this receipt."]);
  });

  test("refuses other keys, other algorithms and other tokens", async () => {
    const jws = String((await receipt())["jws"]);
    const others = { ASTROLABE_MASTER_KEY: Buffer.alloc(32, 1).toString("base64") };
    expect((await astrolabe(`receipts verify ${file("receipt.jws", jws)}`, others)).errors).toContain(
      "do not hold the one",
    );
    const [, payload] = jws.split(".");
    for (const header of [
      { alg: "none" },
      { alg: "EdDSA", typ: "JWT" },
      { alg: "HS256", typ: "astrolabe-receipt+jwt" },
    ]) {
      const forged = `${Buffer.from(JSON.stringify(header)).toString("base64url")}.${payload}.`;
      expect((await astrolabe(`receipts verify ${file("forged.jws", forged)}`)).errors).toContain("no receipt");
    }
    expect((await astrolabe(`receipts verify ${file("text.txt", "hello")}`)).errors).toContain("signed form");
  });
});
