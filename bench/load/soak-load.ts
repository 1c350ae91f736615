// Mixed load for a long time: whole answers, streams read to their end, and streams whose caller hangs up half-way.

import type { StreamOrder } from "../prompt.ts";
import { Connection } from "./connection.ts";
import { Failures } from "./failures.ts";
import type { SoakJob, SoakResult } from "./job.ts";
import { requestBytes } from "./request-bytes.ts";
import { seededRandom } from "./seeded-random.ts";
import { StreamCheck } from "./stream-check.ts";

/** Frames and pace of the streams: about half a second each, as a short chat answer takes. */
const streamFrames = 50;
const streamPaceMs = 10;
/** Of the requests that nobody hangs up on, half are streamed. */
const streamedShare = 0.5;

type Counts = { answers: number; streams: number; hangUps: number };

export async function runSoakLoad(job: SoakJob): Promise<SoakResult> {
  const counts: Counts = { answers: 0, streams: 0, hangUps: 0 };
  const failures = new Failures();
  const endsAt = performance.now() + job.durationMs;
  const callers = Array.from({ length: job.callers }, (_, caller) => soakCaller(job, caller, endsAt, counts, failures));
  await Promise.all(callers);
  return { ...counts, ...failures.summary() };
}

async function soakCaller(job: SoakJob, caller: number, endsAt: number, counts: Counts, failures: Failures) {
  const random = seededRandom(job.seed + caller);
  const whole = requestBytes(job.server, job.protocol);
  let connection = await Connection.open(job.server.port);
  let stream = caller;
  while (performance.now() < endsAt) {
    const order = { stream, frames: streamFrames, paceMs: streamPaceMs };
    stream += job.callers;
    try {
      if (random() < job.hangUpShare) {
        const pieces = 1 + Math.floor(random() * (streamFrames - 1));
        if (await hangUpHalfWay(job, connection, order, pieces)) {
          counts.hangUps += 1;
          connection = await Connection.open(job.server.port);
        } else {
          counts.streams += 1;
        }
      } else if (random() < streamedShare) {
        await readWholeStream(job, connection, order);
        counts.streams += 1;
      } else {
        expectSuccess(await connection.exchange(whole));
        counts.answers += 1;
      }
    } catch (error) {
      failures.add(error);
      connection.hangUp();
      connection = await Connection.open(job.server.port);
    }
  }
  connection.hangUp();
}

async function readWholeStream(job: SoakJob, connection: Connection, order: StreamOrder): Promise<void> {
  const check = new StreamCheck(job.protocol, order);
  const request = requestBytes(job.server, job.protocol, order);
  expectSuccess(await connection.exchange(request, (bytes) => check.push(bytes)));
  const { lost, disordered, altered, badEndings } = check.finish();
  if (lost + disordered + altered + badEndings > 0) throw new Error("a stream arrived incomplete or altered");
}

/**
 * Drops the connection after so many pieces of the body. False when the whole stream came before the count was reached,
 * because a proxy joined pieces: then it was an ordinary stream.
 */
async function hangUpHalfWay(
  job: SoakJob,
  connection: Connection,
  order: StreamOrder,
  pieces: number,
): Promise<boolean> {
  let left = pieces;
  let hungUp = false;
  const request = requestBytes(job.server, job.protocol, order);
  const exchange = connection.exchange(request, () => {
    left -= 1;
    // A refusal is read to its end, so that it counts as the failure it is.
    if (left > 0 || connection.status !== 200) return;
    hungUp = true;
    connection.hangUp();
  });
  try {
    expectSuccess(await exchange);
  } catch (error) {
    if (!hungUp) throw error;
  }
  return hungUp;
}

function expectSuccess(status: number): void {
  if (status !== 200) throw new Error(`HTTP ${status}`);
}
