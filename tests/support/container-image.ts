// Images for tests, FROM scratch since no registry can be reached: a static busybox, and what a test puts beside it.

import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildImage } from "../../runtimes/docker/build-image.ts";
import type { Engine } from "../../runtimes/docker/engine.ts";

const places = ["/bin/busybox", "/usr/bin/busybox"];

/** The static busybox of this machine. @throws Error with what to install */
export function busybox(): string {
  const path = places.find((candidate) => existsSync(candidate) && isStatic(candidate));
  if (path === undefined)
    throw new Error("These tests need a static busybox (Debian: apt-get install busybox-static).");
  return path;
}

/** The lines with which a Dockerfile begins that has a shell. */
export const shellLines = ["FROM scratch", "COPY busybox /bin/busybox", "COPY busybox /bin/sh"];

/** Builds `image` with a shell that runs `script`; `/bin/busybox` has the commands. */
export async function buildShellImage(engine: Engine, image: string, script: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "astrolabe-image-"));
  try {
    copyFileSync(busybox(), join(folder, "busybox"));
    writeFileSync(join(folder, "main.sh"), script);
    const lines = [...shellLines, "COPY main.sh /main.sh", 'CMD ["/bin/sh", "/main.sh"]'];
    writeFileSync(join(folder, "Dockerfile"), `${lines.join("\n")}\n`);
    const request = { image, name: image, folder, dockerfile: "Dockerfile", args: {}, labels: {}, fresh: false };
    await buildImage(engine, { ...request, secrets: new Map() }, () => undefined, AbortSignal.timeout(60_000));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isStatic(program: string): boolean {
  return Bun.spawnSync(["ldd", program], { stdout: "ignore", stderr: "ignore" }).exitCode !== 0;
}
