// What the benchmark asks: request bodies of about 1 KB in the two protocols. A streamed request carries a marker that
// tells the mock upstream what to stream, so that pacing travels through any proxy without headers of its own.

export const protocols = ["chat", "responses"] as const;
export type Protocol = (typeof protocols)[number];

export const pathOf: { readonly [P in Protocol]: string } = {
  chat: "/v1/chat/completions",
  responses: "/v1/responses",
};

/** What the mock upstream shall stream. */
export type StreamOrder = {
  /** Tells concurrent streams apart: it is part of the text of every frame. */
  readonly stream: number;
  readonly frames: number;
  /** Milliseconds between two frames; 0 sends them as fast as they are taken. */
  readonly paceMs: number;
};

const instructions =
  "You are a careful technical writer. Keep to the facts you are given, use short sentences, and answer in plain English.";
const sentences = [
  "The harbour of the old town has three basins, and each of them is closed by a wooden gate.",
  "The gates are opened twice a day, shortly before high water, and closed again an hour later.",
  "A small crew walks from one basin to the next and turns the cranks by hand.",
  "Visitors like to stand on the bridge and watch the boats go out one after another.",
  "In winter the northern basin freezes, and the boats that stay are lifted onto trestles.",
  "A museum in the former rope works shows how the gates were built and repaired.",
  "Its oldest drawing is from the spring in which the first gate was hung.",
  "The town keeps a record of every opening, with the hour, the weather and the name of the crew.",
];
const question = `Summarise the following notes about a harbour in two sentences.\n\n${sentences.join(" ")}`;

/** The body of one request, as the bytes' text. Streamed when `order` is given. */
export function requestBody(protocol: Protocol, model: string, order?: StreamOrder): string {
  const text = order === undefined ? question : `${question}\n\n${orderMarker(order)}`;
  const stream = order !== undefined;
  if (protocol === "responses") return JSON.stringify({ model, instructions, input: text, stream });
  const messages = [
    { role: "system", content: instructions },
    { role: "user", content: text },
  ];
  return JSON.stringify({ model, messages, stream });
}

function orderMarker(order: StreamOrder): string {
  return `[stream ${order.stream}: ${order.frames} frames, one every ${order.paceMs} ms]`;
}

/** Finds the marker in a request body. A streamed request without one gets a short stream as fast as possible. */
export function readOrder(body: string): StreamOrder {
  const found = /\[stream (\d+): (\d+) frames, one every (\d+) ms\]/.exec(body);
  if (found === null) return { stream: 0, frames: 16, paceMs: 0 };
  return { stream: Number(found[1]), frames: Number(found[2]), paceMs: Number(found[3]) };
}

/** The text of one frame: says which it is, and holds what careless relaying breaks (quotes, breaks, wide characters). */
export function frameText(stream: number, index: number): string {
  return `#${stream}.${index} she said "naïve ✓ 🙂"\\\n`;
}

/** Which frame a text claims to be; undefined when it is none. */
export function readFrameIndex(text: string): number | undefined {
  const found = /^#\d+\.(\d+) /.exec(text);
  return found === null ? undefined : Number(found[1]);
}
