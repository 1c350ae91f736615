// Plays the node of a cluster: takes pods up, tells how they are and keeps their logs, by what their image's name says. It
// knows a cluster by its API only, so that it works for the double and for a real API server alike.

import { z } from "zod";

/** What a container of the image `test/<behaviour>` does. */
export const behaviours = [
  "ok", // runs
  "flaky", // ends once with an error, then runs
  "crash", // ends with an error each time, after it wrote its environment
  "oom", // is ended for its memory
  "missing", // has no image
  "unready", // runs, and its probes never succeed
  "done", // writes two lines and ends well
  "fails", // writes a line and ends with exit code 3
  "lasts", // runs like a job that takes long
] as const;
export type Behaviour = (typeof behaviours)[number];

export type KubeletAccess = { readonly url: string; readonly token: string; readonly tls: Bun.TLSOptions };

type Line = { readonly at: string; readonly text: string };
type Run = { readonly lines: Line[]; isOver: boolean };

const podSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.looseObject({
    nodeName: z.string().optional(),
    containers: z.array(
      z.looseObject({
        name: z.string(),
        image: z.string(),
        envFrom: z.array(z.looseObject({ secretRef: z.object({ name: z.string() }) })).default([]),
      }),
    ),
  }),
  status: z.looseObject({ phase: z.string().optional() }).default({}),
});
type Pod = z.infer<typeof podSchema>;
type Life = { readonly uid: string; readonly runs: Run[]; ticks: number; restarts: number; isFinished: boolean };

const tickMs = 25;

export type Kubelet = {
  readonly node: string;
  log(pod: string, query: URLSearchParams): Response;
  /** Makes the running container of a pod write a line. */
  write(pod: string, text: string): void;
  /** How often pods were taken up, by image. */
  readonly started: Map<string, number>;
  close(): Promise<void>;
};

export function startKubelet(access: KubeletAccess, namespace: string, node = "worker"): Kubelet {
  const lives = new Map<string, Life>();
  const started = new Map<string, number>();
  let isOpen = true;

  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(access.url + path, {
      method,
      headers: {
        Authorization: `Bearer ${access.token}`,
        "Content-Type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      tls: access.tls,
    });
    const answer: unknown = await response.json();
    return response.ok ? answer : undefined;
  };
  const pods = `/api/v1/namespaces/${namespace}/pods`;

  const lifeOf = (pod: Pod): Life => {
    const { name, uid } = pod.metadata;
    const known = lives.get(name);
    if (known?.uid === uid) return known;
    const life: Life = { uid, runs: [], ticks: 0, restarts: 0, isFinished: false };
    lives.set(name, life);
    const image = pod.spec.containers[0]?.image ?? "";
    started.set(image, (started.get(image) ?? 0) + 1);
    return life;
  };

  const environmentOf = async (pod: Pod): Promise<Record<string, string> | string> => {
    const environment: Record<string, string> = {};
    for (const { secretRef } of pod.spec.containers[0]?.envFrom ?? []) {
      const secret = await call("GET", `/api/v1/namespaces/${namespace}/secrets/${secretRef.name}`);
      if (secret === undefined) return `secret "${secretRef.name}" not found`;
      const { data } = z.looseObject({ data: z.record(z.string(), z.string()).default({}) }).parse(secret);
      for (const [name, value] of Object.entries(data)) environment[name] = Buffer.from(value, "base64").toString();
    }
    return environment;
  };

  const tick = async (pod: Pod): Promise<void> => {
    const { name } = pod.metadata;
    if (pod.metadata.deletionTimestamp !== undefined) {
      lives.get(name)?.runs.forEach((run) => (run.isOver = true));
      await call("DELETE", `${pods}/${name}`, { gracePeriodSeconds: 0 });
      return;
    }
    if (pod.spec.nodeName === undefined) return;
    const life = lifeOf(pod);
    if (life.isFinished) return;
    life.ticks += 1;
    const environment = await environmentOf(pod);
    const status = typeof environment === "string" ? unstartable(pod, environment) : nextStatus(pod, life, environment);
    if (status !== undefined) await call("PATCH", `${pods}/${name}/status`, { status });
  };

  const loop = (async () => {
    while (isOpen) {
      const answer = await call("GET", pods).catch(() => undefined);
      const items = z.looseObject({ items: z.array(z.unknown()) }).safeParse(answer);
      const read = (items.data?.items ?? []).flatMap((item) => podSchema.safeParse(item).data ?? []);
      for (const pod of read) await tick(pod).catch(() => undefined);
      await Bun.sleep(tickMs);
    }
  })();

  return {
    node,
    started,
    log: (pod, query) => logResponse(lives.get(pod), query),
    write: (pod, text) => write(lives.get(pod)?.runs.at(-1), text),
    close: async () => {
      isOpen = false;
      await loop;
      for (const { runs } of lives.values()) for (const run of runs) run.isOver = true;
    },
  };
}

function write(run: Run | undefined, text: string): void {
  run?.lines.push({ at: new Date().toISOString().replace("Z", "000000Z"), text });
}

function startRun(life: Life, ...lines: readonly string[]): Run {
  const run: Run = { lines: [], isOver: false };
  for (const line of lines) write(run, line);
  life.runs.push(run);
  return run;
}

type ContainerState = { readonly [state: string]: object };

function statusOf(pod: Pod, life: Pick<Life, "restarts">, state: ContainerState, more: object = {}): object {
  const isReady = "ready" in more && more.ready === true;
  const [container] = pod.spec.containers;
  const conditions = ["Ready", "ContainersReady"].map((type) => ({ type, status: isReady ? "True" : "False" }));
  return {
    phase: "Pending",
    conditions: [{ type: "PodScheduled", status: "True" }, ...conditions],
    ...("phase" in more ? { phase: more.phase } : {}),
    containerStatuses: [
      {
        name: container?.name,
        image: container?.image,
        imageID: "",
        ready: isReady,
        restartCount: life.restarts,
        state,
        ...("lastState" in more ? { lastState: more.lastState } : {}),
      },
    ],
  };
}

function unstartable(pod: Pod, message: string): object {
  return statusOf(pod, { restarts: 0 }, { waiting: { reason: "CreateContainerConfigError", message } });
}

function running(pod: Pod, life: Life, ready: boolean): object {
  const startedAt = new Date().toISOString().replace(/\.\d+/, "");
  return statusOf(pod, life, { running: { startedAt } }, { ready, phase: "Running" });
}

function ended(pod: Pod, life: Life, exitCode: number, reason: string): object {
  life.isFinished = true;
  for (const run of life.runs) run.isOver = true;
  const phase = exitCode === 0 ? "Succeeded" : "Failed";
  return statusOf(pod, life, { terminated: { exitCode, reason } }, { phase });
}

/** Undefined: nothing new. */
function nextStatus(pod: Pod, life: Life, environment: Readonly<Record<string, string>>): object | undefined {
  const image = pod.spec.containers[0]?.image ?? "";
  const behaviour = behaviours.find((known) => image.split(":")[0] === `test/${known}`) ?? "missing";
  if (behaviour === "missing") {
    const reason = life.ticks < 3 ? "ErrImagePull" : "ImagePullBackOff";
    return statusOf(pod, life, { waiting: { reason, message: `Back-off pulling image "${image}"` } });
  }
  if (behaviour === "crash" || behaviour === "oom" || (behaviour === "flaky" && life.restarts === 0)) {
    return crashed(pod, life, behaviour, environment);
  }
  if (life.runs.length === life.restarts) startRun(life, `started ${image}`);
  if (behaviour === "done" || behaviour === "fails") return jobStatus(pod, life, behaviour);
  const isReady = behaviour !== "unready" && life.ticks > 2;
  return life.ticks <= 4 || behaviour === "flaky" ? running(pod, life, isReady) : undefined;
}

function jobStatus(pod: Pod, life: Life, behaviour: "done" | "fails"): object {
  if (life.ticks < 4) return running(pod, life, true);
  write(life.runs.at(-1), behaviour === "done" ? "all read" : "cannot read");
  return ended(pod, life, behaviour === "done" ? 0 : 3, behaviour === "done" ? "Completed" : "Error");
}

function crashed(pod: Pod, life: Life, behaviour: Behaviour, environment: Readonly<Record<string, string>>): object {
  const terminated = behaviour === "oom" ? { exitCode: 137, reason: "OOMKilled" } : { exitCode: 1, reason: "Error" };
  if (life.ticks % 2 === 1) {
    const said = Object.entries(environment).map(([name, value]) => `${name} is ${value}`);
    startRun(life, "starting", ...said, "cannot go on").isOver = true;
    return statusOf(pod, life, { terminated }, { phase: "Running" });
  }
  life.restarts += 1;
  const waiting = { reason: "CrashLoopBackOff", message: "back-off restarting failed container" };
  return statusOf(pod, life, { waiting }, { lastState: { terminated }, phase: "Running" });
}

/** As a kubelet answers for a container's log. */
function logResponse(life: Life | undefined, query: URLSearchParams): Response {
  const isPrevious = query.get("previous") === "true";
  const run = isPrevious
    ? life?.runs.at(life.runs.at(-1)?.isOver === true && !life.isFinished ? -1 : -2)
    : life?.runs.at(-1);
  if (run === undefined) return new Response("the container has no log", { status: 400 });
  const since = Date.parse(query.get("sinceTime") ?? "") || 0;
  const lines = run.lines.filter(({ at }) => Date.parse(at.replace("000000Z", "Z")) >= since);
  const tail = query.get("tailLines");
  const first = tail === null ? lines : lines.slice(Math.max(0, lines.length - Number(tail)));
  const text = ({ at, text }: Line): string => `${query.get("timestamps") === "true" ? `${at} ` : ""}${text}\n`;
  if (query.get("follow") !== "true") return new Response(first.map(text).join(""));
  return new Response(followed(run, first.map(text).join(""), text));
}

function followed(run: Run, first: string, text: (line: Line) => string): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let told = run.lines.length;
  let isLeft = false;
  return new ReadableStream({
    start: async (controller) => {
      if (first !== "") controller.enqueue(encoder.encode(first));
      while (!isLeft && !(run.isOver && told === run.lines.length)) {
        const more = run.lines.slice(told);
        told += more.length;
        if (more.length > 0) controller.enqueue(encoder.encode(more.map(text).join("")));
        await Bun.sleep(10);
      }
      if (!isLeft) controller.close();
    },
    cancel: () => {
      isLeft = true;
    },
  });
}
