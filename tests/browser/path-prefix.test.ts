// The console behind a proxy that serves it below a path, whether the proxy leaves the path on a request or takes it off.

import { expect, test } from "bun:test";
import { settled } from "./settled.ts";
import { withBrowser } from "./with-browser.ts";

const stage = withBrowser({}, "/astrolabe");

test("every page, file and call stays below the path", async () => {
  const { address, workspaceId } = stage();
  const person = await stage().person();
  await stage().as(person, async (page) => {
    const outside: string[] = [];
    page.on("request", (request) => {
      if (!new URL(request.url()).pathname.startsWith("/astrolabe/")) outside.push(request.url());
    });
    await page.goto(`${address}/`);
    await page.waitForURL(`${address}/w/${workspaceId}`);
    await settled(page);
    await page.getByRole("link", { name: "Keys" }).click();
    await page.waitForURL(`${address}/w/${workspaceId}/keys`);
    await page.getByText("First live key").waitFor();
    expect(outside).toEqual([]);
  });
});

test("the sign-in page is below the path too, and the way back is told without it", async () => {
  const { address, workspaceId } = stage();
  await stage().as(
    undefined,
    async (page) => {
      await page.goto(`${address}/w/${workspaceId}/keys`);
      await page.waitForURL(`${address}/sign-in?next=${encodeURIComponent(`/w/${workspaceId}/keys`)}`);
    },
    { expected: [/401/] },
  );
});

test("a request without the path is answered as well", async () => {
  const { address } = stage();
  const { origin } = new URL(address);
  for (const path of [
    "/ready",
    "/v1/models",
    "/api/openapi.json",
    "/w/ws_1",
    "/astrolabe/ready",
    "/astrolabe/w/ws_1",
  ]) {
    const response = await fetch(origin + path, { headers: { authorization: `Bearer ${stage().gateway.liveKey}` } });
    await response.body?.cancel();
    expect([path, response.status]).toEqual([path, 200]);
  }
});
