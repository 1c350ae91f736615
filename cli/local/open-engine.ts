// The container engine of this machine, for commands.

import { homedir } from "node:os";
import type { EnginePlace } from "../../runtimes/docker/engine-address.ts";
import { connectEngine, type Engine } from "../../runtimes/docker/engine.ts";
import type { Environment } from "../context.ts";

/** @throws RuntimeError `unavailable` with what to do */
export function openEngine(environment: Environment, signal?: AbortSignal): Promise<Engine> {
  return connectEngine(enginePlace(environment), signal);
}

function enginePlace(environment: Environment): EnginePlace {
  return {
    environment,
    home: environment["HOME"] || homedir(),
    userId: process.getuid?.(),
    platform: process.platform,
  };
}
