// The runtime that tests of deployments use does what every runtime has to do.

import { describeRuntime } from "../../runtimes/runtime.contract.ts";
import type { Program } from "../support/memory-container.ts";
import { memoryRuntime } from "../support/memory-runtime.ts";

const program: Program = async ({ environment, volume, write, ask }) => {
  const { MODE, VERSION = "", EXIT_CODE, PEER, KEEP, SLEEP, SICK } = environment;
  if (MODE === "exit") {
    write("cannot go on", "stderr");
    return 3;
  }
  if (MODE === "job") {
    write(`working for ${VERSION}`);
    return Number(EXIT_CODE);
  }
  if (PEER !== undefined) write(`peer says ${await (await fetch(`http://127.0.0.1:${await ask(PEER)}/`)).text()}`);
  if (KEEP !== undefined) {
    const versions = [...(volume?.get("versions")?.split(" ") ?? []), VERSION].join(" ");
    volume?.set("versions", versions);
    write(`kept ${versions}`);
  }
  if (SLEEP !== undefined) await Bun.sleep(Number(SLEEP) * 1_000);
  write(`serving ${VERSION}`);
  write("a word on stderr", "stderr");
  return {
    fetch: (request) => {
      const isHealth = new URL(request.url).pathname === "/health";
      return isHealth && SICK !== undefined ? new Response("ill", { status: 503 }) : new Response(VERSION);
    },
  };
};

describeRuntime("the tests' own runtime", async () => ({
  runtime: memoryRuntime({ image: program }),
  image: "image",
  missingImage: "missing",
  reachable: true,
}));
