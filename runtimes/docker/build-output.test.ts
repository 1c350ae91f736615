import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { buildCommand } from "./build-program.ts";
import { BuildOutput, type BuildStep } from "./build-output.ts";
import { engineEvents, LayerProgress, type EngineEvent } from "./engine-events.ts";

function readAll(pieces: readonly string[]): BuildStep[] {
  const steps: BuildStep[] = [];
  const output = new BuildOutput((step) => steps.push(step));
  for (const piece of pieces) output.take(piece);
  output.end();
  return steps;
}

/** The same text in pieces of these sizes. */
function split(text: string, sizes: Iterator<number>): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length;) {
    const size: number = sizes.next().value ?? 1;
    pieces.push(text.slice(from, from + size));
    from += size;
  }
  return pieces;
}
const sizes = fc.infiniteStream(fc.integer({ min: 1, max: 20 }));

describe("what a build writes", () => {
  const written = [
    "Step 2/4 : RUN make",
    " ---> Running in 12ab",
    "compiling",
    "[1/2] STEP 3/5: COPY . /app",
    "--> 830baf1cf6b",
    "#7 [build 2/3] RUN bun install",
    "#7 0.512 installed 12 packages",
    "#7 DONE 0.6s",
  ].join("\n");

  test("is steps and lines, whichever engine wrote it", () => {
    expect(readAll([written])).toEqual([
      { kind: "step", number: 2, total: 4, text: "RUN make" },
      { kind: "line", text: "compiling" },
      { kind: "step", number: 3, total: 5, text: "COPY . /app" },
      { kind: "step", number: 2, total: 3, text: "RUN bun install" },
      { kind: "line", text: "installed 12 packages" },
    ]);
  });

  test("is the same at any split", () => {
    fc.assert(fc.property(sizes, (stream) => expect(readAll(split(written, stream))).toEqual(readAll([written]))));
  });
});

describe("what an engine tells", () => {
  const events = [{ status: "Downloading", id: "a", progressDetail: { current: 4e6, total: 8e6 } }, { stream: "x\n…" }];
  const text = `${events.map((event) => JSON.stringify(event)).join("\n")}\nno json\n{"error":"cut`;

  test("is the same at any split of the bytes, and what is no event is left out", async () => {
    const bytes = Buffer.from(text);
    await fc.assert(
      fc.asyncProperty(sizes, async (stream) => {
        const chunks = split(bytes.toString("latin1"), stream).map((piece) => Buffer.from(piece, "latin1"));
        const read: EngineEvent[] = await Array.fromAsync(engineEvents(asStream(chunks)));
        expect(read).toEqual(events);
      }),
    );
  });

  test("adds up to layers and bytes", () => {
    const progress = new LayerProgress();
    progress.take({ status: "Downloading", id: "a", progressDetail: { current: 4e6, total: 8e6 } });
    progress.take({ status: "Already exists", id: "b" });
    expect(String(progress)).toBe("1 of 2 layers, 4 of 8 MB");
  });
});

test("a build by the program has secrets in its environment and not among its words", () => {
  const { words, variables } = buildCommand({
    image: "x:1",
    name: "agent",
    folder: "/src",
    dockerfile: "Dockerfile",
    args: { WHO: "me" },
    secrets: new Map([["token", "top-secret"]]),
    fresh: true,
    labels: {},
  });
  expect(words.join(" ")).not.toContain("top-secret");
  expect(words).toEqual(
    expect.arrayContaining(["--secret", "id=token,env=ASTROLABE_BUILD_SECRET_0", "WHO=me", "--no-cache"]),
  );
  expect(variables).toEqual({ ASTROLABE_BUILD_SECRET_0: "top-secret" });
});

async function* asStream(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
