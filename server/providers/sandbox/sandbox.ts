// The sandbox: a provider without a network that answers the same prompt the same way, says that it is simulated, and
// fails on request. Test keys are served by nothing else; docs/sandbox.md lists its triggers.

import type { Answer, AnswerPart } from "../../conversation/answer.ts";
import type { EmbedPrompt } from "../../conversation/prompt.ts";
import { exactUsage, unknownUsage } from "../../conversation/usage.ts";
import { ProviderFailure, type Provider, type ProviderCall, type ProviderReply, type ReplyEvent } from "../provider.ts";
import { composeAnswer } from "./compose-answer.ts";
import { defaultDimensions, dimensionsAtMost, embeddingOf } from "./embeddings.ts";
import { breakInAnswer, connectionLost, failureBeforeAnswer, serverError, type Break } from "./faults.ts";
import { lastUserText } from "./prompt-text.ts";
import { answerParts } from "./stream-answer.ts";
import { embeddingTokens, promptTokens } from "./tokens.ts";
import { readTriggers, type ActiveTriggers } from "./triggers.ts";
import { throwIfCancelled, waitWithin, type Sleep } from "./waiting.ts";

export type SandboxOptions = {
  readonly id?: "sandbox";
  /** How to wait. */
  readonly sleep: Sleep;
};

/** Deltas between two turns of the event loop, so that a long answer leaves room for other requests. */
const deltasPerTurn = 64;

/** The sandbox speaks no client protocol: it always gets the neutral prompt. */
export function sandboxProvider(options: SandboxOptions): Provider {
  return {
    id: options.id ?? "sandbox",
    speaks: new Set(),
    translates: new Set(["generate", "embed"] as const),
    call: (call) => answerCall(call, options.sleep),
    countTokens: async ({ outgoing }) =>
      outgoing.kind === "translate" && outgoing.prompt.kind === "generate" ? promptTokens(outgoing.prompt) : undefined,
  };
}

async function answerCall(call: ProviderCall, sleep: Sleep): Promise<ProviderReply> {
  if (call.outgoing.kind !== "translate") {
    throw new ProviderFailure("rejected", "the sandbox answers neutral prompts only");
  }
  const { prompt } = call.outgoing;
  const text = prompt.kind === "generate" ? lastUserText(prompt) : textOfInputs(prompt);
  const triggers = readTriggers(text, { model: call.model, attempt: call.attempt }, call.warn);
  await waitForFirstByte(call, triggers, sleep);
  const failure = failureBeforeAnswer(triggers);
  if (failure !== undefined) throw failure;
  const answer =
    prompt.kind === "embed"
      ? embeddingAnswer(prompt, call, triggers)
      : composeAnswer(prompt, {
          model: call.model,
          upstreamModel: call.upstreamModel,
          maxOutputTokens: call.maxOutputTokens,
          triggers,
        });
  if (prompt.kind === "generate" && call.stream) {
    return { kind: "stream", events: streamEvents(answer, call, triggers, sleep) };
  }
  const broken = breakInAnswer(triggers);
  if (broken !== undefined) throw broken === "cut" ? connectionLost() : serverError(500);
  return { kind: "answer", answer, raw: undefined };
}

function textOfInputs(prompt: EmbedPrompt): string {
  return prompt.inputs.filter((input) => typeof input === "string").join("\n");
}

async function waitForFirstByte(call: ProviderCall, triggers: ActiveTriggers, sleep: Sleep): Promise<void> {
  throwIfCancelled(call.signal);
  const delayMs = triggers.has("timeout") ? Infinity : triggers.get("slow");
  if (delayMs === undefined) return;
  await waitWithin(delayMs, Math.min(call.clocks.firstByteMs, call.clocks.totalMs), sleep, call.signal);
}

function embeddingAnswer(prompt: EmbedPrompt, call: ProviderCall, triggers: ActiveTriggers): Answer {
  const dimensions = prompt.dimensions ?? defaultDimensions;
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > dimensionsAtMost) {
    const message = `dimensions must be a whole number from 1 to ${dimensionsAtMost}`;
    throw new ProviderFailure("rejected", message, { status: 400, upstreamMessage: message });
  }
  const inputs = triggers.has("empty") ? [] : prompt.inputs;
  return {
    model: call.upstreamModel,
    parts: [],
    finish: "stop",
    usage: triggers.has("no_usage")
      ? unknownUsage
      : exactUsage({ inputTokens: embeddingTokens(prompt.inputs), outputTokens: 0 }),
    embeddings: inputs.map((input) => embeddingOf(input, dimensions)),
  };
}

async function* streamEvents(
  answer: Answer,
  call: ProviderCall,
  triggers: ActiveTriggers,
  sleep: Sleep,
): AsyncGenerator<ReplyEvent> {
  const pauseMs = triggers.get("pace") ?? 0;
  let spentMs = triggers.get("slow") ?? 0;
  let deltas = 0;
  for (const part of brokenAt(answer, breakInAnswer(triggers))) {
    throwIfCancelled(call.signal);
    yield { parts: [part], raw: undefined };
    if (!part.type.endsWith("-delta")) continue;
    deltas += 1;
    if (pauseMs > 0) {
      await waitWithin(
        pauseMs,
        Math.min(call.clocks.betweenChunksMs, call.clocks.totalMs - spentMs),
        sleep,
        call.signal,
      );
      spentMs += pauseMs;
    } else if (deltas % deltasPerTurn === 0) {
      await sleep(0, call.signal);
    }
  }
}

/** The answer's parts, up to the middle of its deltas when it is to break there. */
function* brokenAt(answer: Answer, broken: Break | undefined): Generator<AnswerPart> {
  const parts = [...answerParts(answer)];
  if (broken === undefined) return yield* parts;
  const deltas = parts.filter((part) => part.type.endsWith("-delta")).length;
  let left = Math.ceil(deltas / 2);
  for (const part of parts) {
    if (part.type === "end" || (part.type.endsWith("-delta") && left === 0)) break;
    if (part.type.endsWith("-delta")) left -= 1;
    yield part;
  }
  throw broken === "cut" ? connectionLost() : serverError(200);
}
