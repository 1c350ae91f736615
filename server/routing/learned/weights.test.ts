import { expect, test } from "bun:test";
import { RowIndex } from "./row-index.ts";
import { denseCount, bucketCount } from "./prompt-reader.ts";
import {
  centreBuckets,
  centreCount,
  encodeWeights,
  guardCount,
  readWeights,
  WeightsMistake,
  type ForecastWeights,
} from "./weights.ts";

const heads = 3;
const inputs = heads + denseCount;
const models = ["small", "größer"];

function counted(length: number): Float32Array {
  return Float32Array.from({ length }, (_, at) => at / 7);
}

function someWeights(): ForecastWeights {
  const occupied = new Uint32Array(bucketCount / 32);
  occupied.set([0b101, 0, 1 << 31]);
  return {
    models,
    heads,
    occupied,
    knownWords: occupied.map((bits) => bits & 1),
    headSteps: counted(heads),
    guard: counted(guardCount),
    inputMeans: counted(inputs),
    inputScales: counted(inputs),
    shared: counted(inputs),
    abilities: counted(models.length),
    fallbacks: counted(models.length),
    own: counted(models.length * inputs),
    lengths: Float32Array.of(4, Number.NaN),
    lengthSlopes: counted(models.length * inputs),
    rarities: Uint8Array.of(1, 2, 255),
    headRows: Int8Array.from({ length: 3 * heads }, (_, at) => at - 4),
    centres: new Int8Array(centreBuckets * centreCount).fill(-5),
  };
}

/** With a hash of every list: typed ones with NaN in them equal nothing. */
function plainly(weights: ForecastWeights): object {
  const parts = Object.entries(weights).map(([name, value]) => [
    name,
    ArrayBuffer.isView(value) ? Bun.hash(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) : value,
  ]);
  return Object.fromEntries(parts);
}

function mistake(bytes: Uint8Array): string {
  try {
    readWeights(bytes);
  } catch (error) {
    if (error instanceof WeightsMistake) return error.message;
  }
  return "none";
}

test("weights come out of their file as they went in, wherever its bytes lie", () => {
  const weights = someWeights();
  const file = encodeWeights(weights);
  expect(plainly(readWeights(file))).toEqual(plainly(weights));
  const shifted = new Uint8Array(file.length + 1);
  shifted.set(file, 1);
  expect(plainly(readWeights(shifted.subarray(1)))).toEqual(plainly(weights));
});

test("a file of another version says which one and what to do", () => {
  const file = encodeWeights(someWeights());
  file[4] = 9;
  expect(mistake(file)).toBe("forecast weights have version 9, this build reads 1: train them again");
});

test("a file that is cut, too long or something else says so", () => {
  const file = encodeWeights(someWeights());
  expect(mistake(file.subarray(0, -1))).toMatch(/^forecast weights have \d+ bytes, their header says \d+$/);
  expect(mistake(new Uint8Array([...file, 0]))).toMatch(/their header says/);
  expect(mistake(new Uint8Array(3))).toBe("3 bytes are too few for forecast weights");
  expect(mistake(new TextEncoder().encode("{ not weights at all }"))).toBe("this is not a file of forecast weights");
});

test("a file whose rows do not fit its buckets is refused", () => {
  const weights = someWeights();
  const file = encodeWeights({ ...weights, occupied: weights.knownWords });
  expect(mistake(file)).toBe("forecast weights have 3 rows for 1 buckets");
});

test("a file without the names of its models is refused", () => {
  const file = encodeWeights(someWeights());
  file[20] = "{".charCodeAt(0);
  expect(mistake(file)).toBe("forecast weights do not say which models they are for");
});

test("rows are numbered in the order of their buckets", () => {
  const index = new RowIndex(someWeights().occupied);
  expect([0, 1, 2, 3, 94, 95, 96].map((bucket) => index.rowOf(bucket))).toEqual([0, -1, 1, -1, -1, 2, -1]);
});
