// The weights of a forecast, and their file: a short header, the models' names, then the numbers in a fixed order.

import { parseJson } from "../../contracts/json.ts";
import { bucketCount, denseCount } from "./prompt-reader.ts";

/** The layout of the file and the meaning of the features; weights of another version are of no use. */
export const weightsVersion = 1;
/** What was trained on, as this many centres; they see words in fewer buckets than the rows do. */
export const centreCount = 64;
const centreBucketBits = 12;
export const centreBuckets = 1 << centreBucketBits;
export const centreShift = Math.log2(bucketCount) - centreBucketBits;
/** A weight for each sign that a prompt is familiar, and one number for all: see `familiarity.ts`. */
export const guardCount = 5;

/** `M` models, `H` heads, `V` buckets that have a row, and `D` inputs: the heads and the dense features. */
export type ForecastWeights = {
  readonly models: readonly string[];
  readonly heads: number;
  /** One bit a bucket: whether it has a row. Rows are in the order of their buckets. */
  readonly occupied: Uint32Array;
  /** One bit a bucket: whether a word fell into it, not only a pair. */
  readonly knownWords: Uint32Array;
  /** What a row's head weights are multiplied by; H. */
  readonly headSteps: Float32Array;
  readonly guard: Float32Array;
  /** Subtracted from each input, and what the rest is multiplied by; D each. */
  readonly inputMeans: Float32Array;
  readonly inputScales: Float32Array;
  /** The ease of a prompt, the same for every model; D. */
  readonly shared: Float32Array;
  /** Log-odds of each model for an average prompt, and for one like nothing known; M each. */
  readonly abilities: Float32Array;
  readonly fallbacks: Float32Array;
  /** Each model's own weights, M × D. */
  readonly own: Float32Array;
  /** Logarithm of the expected output's characters for an average prompt, NaN where unknown; M, and its slopes, M × D. */
  readonly lengths: Float32Array;
  readonly lengthSlopes: Float32Array;
  /** How rare a row's bucket is, in sixteenths of a logarithm; V. */
  readonly rarities: Uint8Array;
  /** V × H. */
  readonly headRows: Int8Array;
  /** For each of the centres' buckets its place in every centre, in 127ths. */
  readonly centres: Int8Array;
};

/** Weights that cannot be used; the message says why. */
export class WeightsMistake extends Error {
  override readonly name = "WeightsMistake";
}

const magic = 0x46545341; // "ASTF"
const headerWords = 5;

/** Bytes of the file that holds the weights. Numbers are little-endian, as on every machine the gateway runs on. */
export function encodeWeights(weights: ForecastWeights): Uint8Array {
  const names = new TextEncoder().encode(JSON.stringify(weights.models));
  const sizes = { models: weights.models.length, heads: weights.heads, rows: weights.rarities.length };
  const bytes = new Uint8Array(fileSize(sizes, names.length));
  new Uint32Array(bytes.buffer, 0, headerWords).set([magic, weightsVersion, sizes.heads, sizes.rows, names.length]);
  bytes.set(names, headerWords * 4);
  let at = headerWords * 4 + padded(names.length);
  for (const { name } of layout(sizes)) {
    const part = weights[name];
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  return bytes;
}

/** @throws WeightsMistake for anything but a whole file of this version. */
export function readWeights(file: Uint8Array): ForecastWeights {
  const bytes = file.slice();
  if (bytes.length < headerWords * 4)
    throw new WeightsMistake(`${bytes.length} bytes are too few for forecast weights`);
  const [mark, version, heads = 0, rows = 0, nameBytes = 0] = new Uint32Array(bytes.buffer, 0, headerWords);
  if (mark !== magic) throw new WeightsMistake("this is not a file of forecast weights");
  if (version !== weightsVersion)
    throw new WeightsMistake(
      `forecast weights have version ${version}, this build reads ${weightsVersion}: train them again`,
    );
  const models = readNames(bytes.subarray(headerWords * 4, headerWords * 4 + nameBytes));
  const sizes = { models: models.length, heads, rows };
  const expected = fileSize(sizes, nameBytes);
  if (bytes.length !== expected)
    throw new WeightsMistake(`forecast weights have ${bytes.length} bytes, their header says ${expected}`);
  let at = headerWords * 4 + padded(nameBytes);
  const take = (bytesToTake: number): ArrayBuffer => {
    at += bytesToTake;
    return bytes.buffer.slice(at - bytesToTake, at);
  };
  const parts = new Map(layout(sizes).map(({ name, length, width }) => [name, take(length * width)]));
  const part = (name: PartName): ArrayBuffer => parts.get(name) ?? new ArrayBuffer(0);
  const weights: ForecastWeights = {
    models,
    heads,
    occupied: new Uint32Array(part("occupied")),
    knownWords: new Uint32Array(part("knownWords")),
    headSteps: new Float32Array(part("headSteps")),
    guard: new Float32Array(part("guard")),
    inputMeans: new Float32Array(part("inputMeans")),
    inputScales: new Float32Array(part("inputScales")),
    shared: new Float32Array(part("shared")),
    abilities: new Float32Array(part("abilities")),
    fallbacks: new Float32Array(part("fallbacks")),
    own: new Float32Array(part("own")),
    lengths: new Float32Array(part("lengths")),
    lengthSlopes: new Float32Array(part("lengthSlopes")),
    rarities: new Uint8Array(part("rarities")),
    headRows: new Int8Array(part("headRows")),
    centres: new Int8Array(part("centres")),
  };
  checkRows(weights);
  return weights;
}

/** Whether a bit is set for the bucket. */
export function hasBit(bits: Uint32Array, bucket: number): boolean {
  return (((bits[bucket >>> 5] ?? 0) >>> (bucket & 31)) & 1) === 1;
}

type Sizes = { readonly models: number; readonly heads: number; readonly rows: number };
type PartName = Exclude<keyof ForecastWeights, "models" | "heads">;

/** Parts in the order of the file, wide numbers first so that they lie on their own multiples. */
function layout({ models, heads, rows }: Sizes): { name: PartName; length: number; width: 1 | 4 }[] {
  const inputs = heads + denseCount;
  return [
    { name: "occupied", length: bucketCount / 32, width: 4 },
    { name: "knownWords", length: bucketCount / 32, width: 4 },
    { name: "headSteps", length: heads, width: 4 },
    { name: "guard", length: guardCount, width: 4 },
    { name: "inputMeans", length: inputs, width: 4 },
    { name: "inputScales", length: inputs, width: 4 },
    { name: "shared", length: inputs, width: 4 },
    { name: "abilities", length: models, width: 4 },
    { name: "fallbacks", length: models, width: 4 },
    { name: "own", length: models * inputs, width: 4 },
    { name: "lengths", length: models, width: 4 },
    { name: "lengthSlopes", length: models * inputs, width: 4 },
    { name: "rarities", length: rows, width: 1 },
    { name: "headRows", length: rows * heads, width: 1 },
    { name: "centres", length: centreBuckets * centreCount, width: 1 },
  ];
}

function fileSize(sizes: Sizes, nameBytes: number): number {
  const parts = layout(sizes).reduce((sum, { length, width }) => sum + length * width, 0);
  return headerWords * 4 + padded(nameBytes) + parts;
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

function readNames(bytes: Uint8Array): string[] {
  const names = parseJson(new TextDecoder().decode(bytes));
  if (!Array.isArray(names)) throw new WeightsMistake("forecast weights do not say which models they are for");
  return names.map((name) => {
    if (typeof name !== "string") throw new WeightsMistake("forecast weights have a model without a name");
    return name;
  });
}

function checkRows({ occupied, rarities }: ForecastWeights): void {
  let buckets = 0;
  for (let bucket = 0; bucket < bucketCount; bucket++) if (hasBit(occupied, bucket)) buckets++;
  if (buckets !== rarities.length)
    throw new WeightsMistake(`forecast weights have ${rarities.length} rows for ${buckets} buckets`);
}
