// `ast project relay`: what `ast project start -b` leaves running, so that containers reach a gateway on the loopback
// address. Prints its port, and ends when its containers' engine has nothing of agents left.

import { hostAddress } from "../../runtimes/docker/host-address.ts";
import { openRelay } from "../../runtimes/docker/relay.ts";
import { command } from "../command.ts";
import { openEngine } from "../local/open-engine.ts";
import { usageProblem } from "../problem.ts";

const lookMs = 60_000;

export const projectRelayCommand = command({
  path: ["project", "relay"],
  hidden: true,
  summary: "Pass calls of containers on to a gateway on this machine",
  options: {
    target: { kind: "text", placeholder: "<host:port>", summary: "Where the gateway listens" },
    token: { kind: "text", placeholder: "<text>", summary: "By which the process is known again" },
  },
  async run({ text, env, output, signal }) {
    const [host = "", port = ""] = (text("target") ?? "").split(/:(?=\d+$)/);
    if (host === "" || port === "") throw usageProblem("--target is missing.", "Write --target=127.0.0.1:8787.");
    const engine = await openEngine(env, signal);
    const { listenOn = "127.0.0.1", admits } = await hostAddress(engine);
    const relay = await openRelay({
      listen: { address: listenOn, port: 0 },
      target: { host, port: Number(port) },
      admits,
    });
    output.raw(`${relay.port}\n`);
    const isNeeded = async () =>
      (await engine.docker.listContainers({ all: true, filters: { label: ["astrolabe.project"] } })).length > 0;
    let isIdle = false;
    while (!signal.aborted) {
      await Promise.race([Bun.sleep(lookMs), aborted(signal)]);
      const needed = await isNeeded().catch(() => false);
      if (!needed && isIdle) break;
      isIdle = !needed;
    }
    await relay.close();
  },
});

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
