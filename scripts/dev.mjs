// `npm run dev`: Vite's development server for the console on port 5173, in front of a server that runs on 8787.

import { createServer } from "vite";
import { consoleConfig } from "./build-console.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { projectRoot } from "./project-root.mjs";

const server = "http://127.0.0.1:8787";

/**
 * The server takes changes from its own pages only, and these come from another port.
 * @type {import("vite").ProxyOptions}
 */
const passOn = {
  target: server,
  configure: (proxy) =>
    void proxy.on("proxyReq", (request) => void (request.hasHeader("origin") && request.setHeader("origin", server))),
};

await ensureDependencies(projectRoot, { development: true });
const vite = await createServer({
  ...consoleConfig(projectRoot),
  base: "/",
  server: { port: 5173, strictPort: true, proxy: { "/api": passOn, "/v1": passOn } },
});
await vite.listen();
vite.printUrls();
