// The program `ast`. The only file of cli/ that knows the process.

import { version } from "../package.json";

const largestInputBytes = 1024 * 1024;
const argv = process.argv.slice(2);

async function main(): Promise<number> {
  if (argv[0] === "--version" || argv[0] === "version") {
    process.stdout.write(`ast ${version}\n`);
    return 0;
  }
  const accessToken = process.env["ASTRO_ACCESS_TOKEN"]?.trim();
  delete process.env["ASTRO_ACCESS_TOKEN"];
  const interruption = new AbortController();
  endBySignals(interruption);
  const { runAst } = await import("./run-ast.ts");
  return runAst(argv, {
    env: { ...process.env },
    accessToken: accessToken === "" ? undefined : accessToken,
    cwd: process.cwd(),
    platform: process.platform,
    version,
    signal: interruption.signal,
    isInputTerminal: process.stdin.isTTY,
    stdout: { write: (text) => void process.stdout.write(text), isTerminal: process.stdout.isTTY },
    stderr: { write: (text) => void process.stderr.write(text), isTerminal: process.stderr.isTTY },
    now: () => Date.now(),
    sleep: (milliseconds) => sleep(milliseconds, interruption.signal),
    piped: readPiped,
  });
}

/** The first signal lets the command end in order; the second one ends the process. */
function endBySignals(interruption: AbortController): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(130);
      interruption.abort(new DOMException("interrupted", "AbortError"));
    });
  }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

async function readPiped(): Promise<string | undefined> {
  if (process.stdin.isTTY) return undefined;
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of Bun.stdin.stream()) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > largestInputBytes) throw new Error("standard input holds more than a mebibyte");
  }
  return text + decoder.decode();
}

/** Whoever read us, such as `head`, has gone: that is no failure. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    process.exit("code" in error && error.code === "EPIPE" ? 0 : 1);
  });
}

const code = await main();
await new Promise((taken) => process.stdout.write("", () => taken(undefined)));
process.exit(code);
