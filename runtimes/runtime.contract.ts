// What every runtime does alike, as tests: declared once, run for each of them.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Workload } from "../blueprint/workload.ts";
import { RuntimeError, type LogLine, type Revision, type RolloutStep, type Runtime } from "./runtime.ts";

export type RuntimeUnderTest = {
  readonly runtime: Runtime;
  /**
   * An image whose program reads variables. MODE `exit`: writes `cannot go on` to stderr and ends with 3. MODE `job`: writes
   * `working for $VERSION`, ends with $EXIT_CODE. Else it serves HTTP on 8080: `/` answers $VERSION, `/health` 200 unless
   * SICK is set; it writes `serving $VERSION` to stdout and `a word on stderr` to stderr; with PEER it first asks
   * http://$PEER:8080/ and writes `peer says` and the answer; with KEEP it adds $VERSION to the file `$KEEP/versions` and
   * writes `kept` and all of them.
   */
  readonly image: string;
  /** No registry has it. */
  readonly missingImage: string;
  /** Whether `endpoint` leads to where the test can ask. */
  readonly reachable: boolean;
};

const port = 8080;
const secret = "s3cret-of-the-contract";
const patience = { timeout: 60_000 };

export function describeRuntime(name: string, setUp: () => Promise<RuntimeUnderTest>): void {
  describe(`${name} as a runtime`, () => {
    let subject: RuntimeUnderTest;
    const project = `contract-${crypto.randomUUID().slice(0, 8)}`;
    let number = 0;

    beforeAll(async () => {
      subject = await setUp();
    }, 60_000);
    afterAll(() => subject.runtime.remove(project, { volumes: true }), 60_000);

    const agent = (environment: Record<string, string>, more: Partial<Workload> = {}): Workload => ({
      name: "agent",
      component: "agent",
      image: subject.image,
      environment: { SECRET: secret, ...environment },
      ports: [port],
      healthcheck: { path: "/health", intervalMs: 100, timeoutMs: 2000, retries: 3 },
      replicas: 1,
      run: "always",
      frontend: true,
      ...more,
    });
    const other = (workload: string, more: Partial<Workload>): Workload =>
      agent({}, { name: workload, frontend: false, ...more });

    const revisionOf = (workloads: readonly Workload[], startTimeoutMs = 30_000): Revision => ({
      project,
      number: ++number,
      workloads,
      labels: { "astrolabe.test": "contract" },
      access: "public",
      startTimeoutMs,
    });
    const rollOut = async (revision: Revision, signal = new AbortController().signal): Promise<RolloutStep[]> => {
      const steps: RolloutStep[] = [];
      await subject.runtime.rollOut(revision, (step) => steps.push(step), signal);
      return steps;
    };
    const failureOf = async (work: Promise<unknown>): Promise<RuntimeError> => {
      try {
        await work;
      } catch (error) {
        if (error instanceof RuntimeError) return error;
        throw error;
      }
      throw new Error("it was expected to fail");
    };
    const answer = async (): Promise<string | undefined> => {
      const endpoint = await subject.runtime.endpoint(project, "agent", port);
      if (endpoint === undefined) return undefined;
      const response = await fetch(`http://${endpoint.host}:${endpoint.port}/`);
      return (await response.text()).trim();
    };
    const expectAnswer = async (expected: string | undefined): Promise<void> => {
      if (subject.reachable) expect(await answer()).toBe(expected);
    };
    const linesOf = async (workload: string): Promise<LogLine[]> => {
      const signal = AbortSignal.timeout(10_000);
      return Array.fromAsync(subject.runtime.logs(project, { workload, follow: false }, signal));
    };
    const namesAndStates = async (): Promise<string[]> =>
      (await subject.runtime.workloads(project)).map((workload) => `${workload.name} ${workload.state}`);

    test(
      "a first revision comes up, can be asked and writes its log",
      async () => {
        const steps = await rollOut(revisionOf([agent({ VERSION: "one" })]));
        expect(steps.map((step) => step.kind)).toContain("healthy");
        expect(steps.at(-1)?.kind).toBe("switch");
        expect(JSON.stringify(steps)).not.toContain(secret);
        await expectAnswer("one");
        const lines = await linesOf("agent");
        expect(lines.map(({ stream, text }) => `${stream}: ${text}`).toSorted()).toEqual([
          "stderr: a word on stderr",
          "stdout: serving one",
        ]);
        expect(Math.abs(Date.now() - (lines[0]?.at ?? 0))).toBeLessThan(60_000);
        const [state] = await subject.runtime.workloads(project);
        expect(state).toMatchObject({
          name: "agent",
          component: "agent",
          state: "running",
          restarts: 0,
          revision: number,
        });
      },
      patience,
    );

    test(
      "the revision that serves already is left alone",
      async () => {
        const same = { ...revisionOf([agent({ VERSION: "one" })]), number: --number };
        const startedAt = async () => (await subject.runtime.workloads(project))[0]?.startedAt;
        const before = await startedAt();
        await rollOut(same);
        expect(await startedAt()).toBe(before);
        await expectAnswer("one");
      },
      patience,
    );

    test(
      "the older revision serves until the newer one is healthy",
      async () => {
        const seen: (string | undefined)[] = [];
        let switched = false;
        const watching = (async () => {
          while (!switched && subject.reachable) {
            // What was asked at the moment of the switch may find the older one gone.
            seen.push(await answer().catch((error: unknown) => (switched ? "two" : String(error))));
            await Bun.sleep(20);
          }
        })();
        const revision = revisionOf([agent({ VERSION: "two", SLEEP: "1" })]);
        await subject.runtime.rollOut(
          revision,
          (step) => {
            if (step.kind === "switch") switched = true;
          },
          new AbortController().signal,
        );
        await watching;
        if (subject.reachable) expect(["one", "one two"]).toContain([...new Set(seen)].join(" "));
        await expectAnswer("two");
        expect(await namesAndStates()).toEqual(["agent running"]);
      },
      patience,
    );

    test(
      "a revision that ends by itself is taken away and the older one serves on",
      async () => {
        const failure = await failureOf(rollOut(revisionOf([agent({ VERSION: "three", MODE: "exit" })])));
        expect(failure).toMatchObject({ code: "exited", workload: "agent" });
        expect(failure.lastLines).toContain("cannot go on");
        expect(`${failure.message} ${failure.hint}`).not.toContain(secret);
        await expectAnswer("two");
        expect(await namesAndStates()).toEqual(["agent running"]);
      },
      patience,
    );

    test(
      "a revision that does not become healthy in time is taken away",
      async () => {
        const failure = await failureOf(rollOut(revisionOf([agent({ VERSION: "four", SICK: "yes" })], 2000)));
        expect(failure).toMatchObject({ code: "unhealthy", workload: "agent" });
        await expectAnswer("two");
      },
      patience,
    );

    test(
      "an image that cannot be had is named",
      async () => {
        const failure = await failureOf(rollOut(revisionOf([agent({}, { image: subject.missingImage })])));
        expect(failure.code).toBe("image_not_found");
        expect(failure.message).toContain(subject.missingImage);
        await expectAnswer("two");
      },
      patience,
    );

    test(
      "a roll-out that is aborted leaves the older one alone",
      async () => {
        const aborting = new AbortController();
        const work = rollOut(revisionOf([agent({ VERSION: "five", SICK: "yes" })]), aborting.signal);
        setTimeout(() => aborting.abort(new Error("changed my mind")), 1000);
        expect(work).rejects.toThrow("changed my mind");
        await work.catch(() => undefined);
        await expectAnswer("two");
        expect(await namesAndStates()).toEqual(["agent running"]);
      },
      patience,
    );

    test(
      "what was stopped comes back as it was",
      async () => {
        await subject.runtime.stop(project);
        await subject.runtime.stop(project);
        expect(await namesAndStates()).toEqual(["agent stopped"]);
        await expectAnswer(undefined);
        await subject.runtime.resume(project);
        expect(await namesAndStates()).toEqual(["agent running"]);
        await waitUntil(async () => !subject.reachable || (await answer().catch(() => "")) === "two");
      },
      patience,
    );

    test(
      "a workload is restarted with what it had",
      async () => {
        await subject.runtime.restart(project, "agent");
        await waitUntil(async () => !subject.reachable || (await answer().catch(() => "")) === "two");
        expect(await failureOf(subject.runtime.restart(project, "model-x"))).toMatchObject({ code: "not_found" });
      },
      patience,
    );

    test(
      "workloads find each other by name, and data outlives revisions",
      async () => {
        const volume = { name: "store", path: "/data" };
        const store = (version: string) => ({
          ...other("knowledge-store", { component: "knowledge", volume }),
          environment: { VERSION: version, KEEP: "/data" },
        });
        const peer = subject.runtime.hostOf(project, "knowledge-store");
        await rollOut(revisionOf([agent({ VERSION: "six", PEER: peer }), store("store-a")]));
        expect((await linesOf("agent")).map(({ text }) => text)).toContain("peer says store-a");

        await rollOut(revisionOf([agent({ VERSION: "seven", PEER: peer }), store("store-b")]));
        expect((await linesOf("agent")).map(({ text }) => text)).toContain("peer says store-b");
        expect((await linesOf("knowledge-store")).map(({ text }) => text)).toContain("kept store-a store-b");

        const instance = async () =>
          (await subject.runtime.workloads(project)).find(({ name: of }) => of === "knowledge-store")?.startedAt;
        const before = await instance();
        await rollOut(revisionOf([agent({ VERSION: "eight", PEER: peer }), store("store-b")]));
        expect(await instance()).toBe(before);
        expect((await linesOf("agent")).map(({ text }) => text)).toContain("peer says store-b");
        await subject.runtime.restart(project, "knowledge-store");
        await expectAnswer("eight");

        const broken = revisionOf([agent({ VERSION: "nine", MODE: "exit", PEER: peer }), store("store-c")]);
        expect(await failureOf(rollOut(broken))).toMatchObject({ code: "exited", workload: "agent" });
        expect((await linesOf("knowledge-store")).map(({ text }) => text)).toContain("serving store-b");
        expect(await namesAndStates()).toEqual(["agent running", "knowledge-store running"]);
      },
      patience,
    );

    test(
      "jobs run when they are due, and tell how they ended",
      async () => {
        const job = (workload: string, run: Workload["run"], exitCode: string): Workload => ({
          ...other(workload, { component: "ingestion", run, ports: [] }),
          environment: { MODE: "job", VERSION: workload, EXIT_CODE: exitCode },
        });
        const steps = await rollOut(
          revisionOf([
            agent({ VERSION: "ten" }),
            job("ingestion-first", "startup", "0"),
            job("ingestion-asked", "manual", "4"),
          ]),
        );
        expect((await linesOf("ingestion-first")).map(({ text }) => text)).toEqual(["working for ingestion-first"]);
        expect(steps.some((step) => step.kind === "job" && step.workload === "ingestion-first")).toBe(true);

        const lines: string[] = [];
        const signal = new AbortController().signal;
        const run = () => subject.runtime.runJob(project, "ingestion-asked", (line) => lines.push(line.text), signal);
        expect(await run()).toEqual({ exitCode: 4 });
        expect(await run()).toEqual({ exitCode: 4 });
        expect(lines).toEqual(["working for ingestion-asked", "working for ingestion-asked"]);
        expect(await failureOf(subject.runtime.runJob(project, "agent", () => undefined, signal))).toMatchObject({
          code: "not_found",
        });
      },
      patience,
    );

    test(
      "a log is followed through a roll-out until it is aborted",
      async () => {
        const texts: string[] = [];
        const ending = new AbortController();
        const reading = (async () => {
          const query = { workload: "agent", follow: true, tail: 1 };
          for await (const line of subject.runtime.logs(project, query, ending.signal)) texts.push(line.text);
        })();
        await waitUntil(async () => texts.length > 0);
        await rollOut(revisionOf([agent({ VERSION: "eleven" })]));
        await waitUntil(async () => texts.includes("serving eleven"));
        ending.abort();
        await reading;
        expect(texts.filter((text) => text === "serving eleven")).toHaveLength(1);
      },
      patience,
    );

    test(
      "what was removed is gone, and removing it again is no error",
      async () => {
        await subject.runtime.remove(project, { volumes: true });
        await subject.runtime.remove(project, { volumes: true });
        expect(await subject.runtime.workloads(project)).toEqual([]);
        expect(await failureOf(linesOf("agent"))).toMatchObject({ code: "not_found" });
        expect(await failureOf(subject.runtime.resume(project))).toMatchObject({ code: "not_found" });
      },
      patience,
    );
  });
}

async function waitUntil(condition: () => Promise<boolean>, patienceMs = 15_000): Promise<void> {
  const giveUpAt = Date.now() + patienceMs;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error("it did not happen in time");
    await Bun.sleep(50);
  }
}
