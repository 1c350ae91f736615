// The targets by name, each with how it is measured.

import { measureT13, measureT14, measureT15 } from "./forecast-targets.ts";
import type { Laboratory } from "./laboratory.ts";
import { measureT10 } from "./left-out-tasks.ts";
import type { Measure } from "./measure.ts";
import { measureT1, measureT2, measureT3, measureT4 } from "./ranking-targets.ts";
import { measureT4Savings, measureT5, measureT6, measureT7, measureT8 } from "./savings-targets.ts";

/** In the order of the report. A target whose pool the data does not have measures nothing. */
export const targets: ReadonlyMap<string, (laboratory: Laboratory) => Measure[]> = new Map([
  ["T1", measureT1],
  ["T2", measureT2],
  ["T3", measureT3],
  ["T4", (laboratory: Laboratory) => [...measureT4(laboratory), ...measureT4Savings(laboratory)]],
  ["T5", measureT5],
  ["T6", measureT6],
  ["T7", measureT7],
  ["T8", measureT8],
  ["T10", measureT10],
  ["T13", measureT13],
  ["T14", measureT14],
  ["T15", measureT15],
]);
