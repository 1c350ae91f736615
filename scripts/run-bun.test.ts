import { join } from "node:path";
import { expect, test } from "bun:test";

const wrapper = join(import.meta.dir, "with-bun.mjs");

function start(code: string, environment: Record<string, string> = {}): Bun.Subprocess<"ignore", "pipe", "inherit"> {
  return Bun.spawn(["node", wrapper, "-e", code], {
    env: { PATH: process.env["PATH"], ...environment },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
}

test("the exit code of Bun is the exit code of the command", async () => {
  expect(await start("process.exit(7)").exited).toBe(7);
});

test("the limit on outgoing requests is raised, unless the operator set it", async () => {
  const print = "console.log(process.env.BUN_CONFIG_MAX_HTTP_REQUESTS)";
  expect(await start(print).stdout.text()).toBe("65535\n");
  expect(await start(print, { BUN_CONFIG_MAX_HTTP_REQUESTS: "10" }).stdout.text()).toBe("10\n");
});

test("signals reach Bun, which decides how to end", async () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const child = start(
      `process.on("${signal}", () => { console.log("draining"); process.exit(3); }); console.log("ready"); setInterval(() => {}, 1000)`,
    );
    const reader = child.stdout.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("ready\n");
    child.kill(signal);
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("draining\n");
    expect(await child.exited).toBe(3);
  }
});

test("a Bun that dies of a signal makes the command die of it too", async () => {
  const child = start('process.kill(process.pid, "SIGKILL")');
  await child.exited;
  expect(child.signalCode).toBe("SIGKILL");
});

test("under npm the end of the shell that npm started us with ends Bun in order", async () => {
  const code = `process.on("SIGTERM", () => { console.log("draining"); process.exit(0); }); console.log("ready"); setInterval(() => {}, 1000)`;
  // The second command keeps the shell from becoming the first, as npm's shell stays beside what it runs.
  const shell = Bun.spawn(["sh", "-c", 'node "$0" -e "$1"; true', wrapper, code], {
    env: { PATH: process.env["PATH"], npm_lifecycle_event: "start" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const reader = shell.stdout.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe("ready\n");
  shell.kill("SIGKILL");
  expect(new TextDecoder().decode((await reader.read()).value)).toBe("draining\n");
});
