// What an idle server carries: nothing that only people need.

import { join } from "node:path";
import { expect, test } from "bun:test";
import { z } from "zod";
import { parseJson } from "../../server/contracts/json.ts";
import { root } from "../tidy/source-tree.ts";

test("a server that nobody has signed in to has loaded neither sign-in nor mail", async () => {
  const script = `await import(${JSON.stringify(join(root, "server/serve.ts"))});
    const loaded = Object.keys(require.cache);
    console.log(JSON.stringify([loaded.length, loaded.filter((path) => /better-auth|nodemailer/.test(path))]));`;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "inherit" });
  const [total, early] = z
    .tuple([z.number(), z.array(z.string())])
    .parse(parseJson(await new Response(child.stdout).text()));
  expect(total).toBeGreaterThan(200);
  expect(early).toEqual([]);
});
