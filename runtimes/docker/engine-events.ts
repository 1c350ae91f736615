// What an engine says while it builds, pulls or pushes: JSON values one after another, whatever the split of the bytes.

import { z } from "zod";
import { parseJson } from "../../server/contracts/json.ts";

const engineEvent = z.looseObject({
  stream: z.string().optional(),
  status: z.string().optional(),
  id: z.string().optional(),
  progressDetail: z
    .looseObject({ current: z.number().optional(), total: z.number().optional() })
    .optional()
    .catch(undefined),
  error: z.string().optional(),
  errorDetail: z.looseObject({ message: z.string().optional() }).optional().catch(undefined),
  aux: z.looseObject({ ID: z.string().optional(), Digest: z.string().optional() }).optional().catch(undefined),
});

export type EngineEvent = z.infer<typeof engineEvent>;

/** More without an end means that this is no such stream. */
const longestEvent = 1024 * 1024;

/** Ends with the stream. Text that is no JSON value is left out. */
export async function* engineEvents(stream: AsyncIterable<unknown>): AsyncGenerator<EngineEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    if (!(bytes instanceof Uint8Array)) continue;
    rest += decoder.decode(bytes, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > longestEvent) rest = "";
    for (const line of lines) yield* readEvent(line);
  }
  yield* readEvent(rest);
}

function readEvent(line: string): readonly EngineEvent[] {
  const event = engineEvent.safeParse(parseJson(line));
  return event.success ? [event.data] : [];
}

/** Bytes done and to do over all layers of a pull or push, and how many layers are through. */
export class LayerProgress {
  readonly #layers = new Map<string, { current: number; total: number; done: boolean }>();

  take(event: EngineEvent): void {
    if (event.id === undefined || event.status === undefined) return;
    const layer = this.#layers.get(event.id) ?? { current: 0, total: 0, done: false };
    const moving = /^(?:Downloading|Pushing)/.test(event.status);
    if (moving) {
      layer.current = event.progressDetail?.current ?? layer.current;
      layer.total = event.progressDetail?.total ?? layer.total;
    }
    layer.done ||= /complete|Already exists|Pushed|Mounted/i.test(event.status);
    if (moving || layer.done) this.#layers.set(event.id, layer);
  }

  /** `3 of 7 layers, 12 of 80 MB`; empty while nothing is known. */
  toString(): string {
    const layers = [...this.#layers.values()];
    if (layers.length === 0) return "";
    const sum = (pick: (layer: (typeof layers)[number]) => number) =>
      Math.round(layers.reduce((total, layer) => total + pick(layer), 0) / 1_000_000);
    const done = layers.filter((layer) => layer.done).length;
    const total = sum((layer) => layer.total);
    const bytes = total === 0 ? "" : `, ${sum((layer) => (layer.done ? layer.total : layer.current))} of ${total} MB`;
    return `${done} of ${layers.length} layers${bytes}`;
  }
}
