// `ast project configure`: what is kept for a folder, where, and who may read it.

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { installAst, type Ast, type Ended } from "../support/ast.ts";

const blueprint = `
spec: blueprint/v1
name: configured
agent:
  image: example.com/agent:1
  inputs: [{ name: REGION, datatype: string }]
models: { own: { provider: openai } }
ingestion:
  load:
    container: { image: example.com/load:1 }
    trigger: { type: manual }
    inputs: [{ name: BUCKET, datatype: string, secret: true }]
`;

let ast: Ast;
let folder: string;
beforeAll(() => {
  ast = installAst();
  folder = mkdtempSync(join(tmpdir(), "ast-configure-"));
  writeFileSync(join(folder, "astropods.yml"), blueprint);
});
afterAll(() => {
  ast.remove();
  rmSync(folder, { recursive: true, force: true });
});

const configure = (...words: string[]): Promise<Ended> => ast.run(["project", "configure", ...words], { cwd: folder });

test("values are kept for the folder, readable for their owner alone, and what is missing is said", async () => {
  writeFileSync(join(folder, "more.env"), 'OPENAI_API_KEY="from the file"\n');
  const kept = await configure("--var", "REGION=eu=west", "--vars-file", "more.env", "--json");
  expect(kept).toMatchObject({ code: 0, json: { kept: ["OPENAI_API_KEY", "REGION"], missing: ["BUCKET"] } });
  expect(kept.stdout + kept.stderr).not.toContain("from the file");
  const file = join(ast.home, ".ast/project-configs.json");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8")).toContain(folder.split("/").at(-1) ?? "");
  expect((await configure("-o", "json")).json).toEqual({ OPENAI_API_KEY: "from the file", REGION: "eu=west" });
  expect((await configure("-o", "env")).stdout).toBe('OPENAI_API_KEY="from the file"\nREGION="eu=west"\n');
});

test("a value can be forgotten, and other spellings do the same", async () => {
  expect(await ast.run(["configure", "--var", "BUCKET=b"], { cwd: folder })).toMatchObject({ code: 0 });
  const left = await ast.run(["dev", "configure", "--rm-var", "BUCKET", "--json"], { cwd: folder });
  expect(left).toMatchObject({ code: 0 });
  expect((await configure("-o", "json")).json["BUCKET"]).toBeUndefined();
});

test("what cannot be kept is refused, and without a terminal nobody is asked", async () => {
  for (const words of [["--var", "no-name"], ["--var", "1A=x"], ["--vars-file", "absent.env"], []]) {
    expect(await configure(...words)).toMatchObject({ code: 2 });
  }
});
