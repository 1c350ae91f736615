import { afterEach, describe, expect, test } from "bun:test";
import { findFreePort, ProcessGroup, type ServerCommand } from "./process-group.ts";

const groups: ProcessGroup[] = [];
afterEach(async () => {
  for (const group of groups.splice(0)) await group.stopAll();
});

function newGroup(): ProcessGroup {
  const group = new ProcessGroup();
  groups.push(group);
  return group;
}

/** A server written on the command line. `code` may use PORT. */
function server(code: string): ServerCommand {
  const port = findFreePort();
  const command = [process.execPath, "-e", `const PORT = ${port}; ${code}`];
  return { name: "the test server", command, environment: {}, port, readyPath: "/ready" };
}

const answering = "Bun.serve({ port: PORT, hostname: '127.0.0.1', fetch: () => new Response('yes') })";

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("a group of processes", () => {
  test("has a server once it answers, and ends it by its id, then cleans up", async () => {
    const group = newGroup();
    const events: string[] = [];
    const { pid, port } = await group.startServer(server(answering));
    group.afterStop(() => events.push(`cleaned up, server alive: ${isAlive(pid)}`));
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("yes");
    await group.stopAll();
    expect(events).toEqual(["cleaned up, server alive: false"]);
  });

  test("tells the last words of a server that ends before it is ready", async () => {
    const starting = newGroup().startServer(server("console.error('no such database'); process.exit(3)"));
    expect(starting).rejects.toThrow(/the test server ended.*\nno such database/);
    await starting.catch(() => undefined);
  });

  test("waits until a server says it is ready", async () => {
    const lateAnswer =
      "let asked = 0; Bun.serve({ port: PORT, fetch: () => new Response('', { status: ++asked < 3 ? 503 : 200 }) })";
    const { port } = await newGroup().startServer(server(lateAnswer));
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  });

  test("gives a program only the environment it was given, and its input", async () => {
    const code =
      "process.stdout.write(JSON.stringify([process.env.GIVEN, process.env.HOME ?? null, await Bun.stdin.text()]))";
    const output = await newGroup().run([process.execPath, "-e", code], { GIVEN: "yes" }, "input", 10_000);
    expect(output).toBe('["yes",null,"input"]');
  });

  test("ends a program that takes too long, and says so", async () => {
    const endless = [process.execPath, "-e", "setInterval(() => undefined, 1000)"];
    const running = newGroup().run(endless, {}, "", 300);
    expect(running).rejects.toThrow("failed");
    await running.catch(() => undefined);
  });

  test("starts nothing more once it is stopping", async () => {
    const group = newGroup();
    await group.stopAll();
    expect(group.startServer(server(answering))).rejects.toThrow("the run is being stopped");
  });
});
