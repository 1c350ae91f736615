// Reads fields of one JSON line, and says which field of which line is not what it must be.

import { isObject, parseObject, type JsonObject } from "../../server/contracts/json.ts";
import { DataMistake } from "./data-mistake.ts";
import type { Line } from "./read-lines.ts";

export class Fields {
  readonly #file: string;
  readonly #line: number;
  readonly #object: JsonObject;

  /** @throws DataMistake when the line is not a JSON object. */
  constructor(file: string, line: Line) {
    const object = parseObject(line.text);
    if (object === undefined) throw new DataMistake(file, line.number, "must be one JSON object");
    this.#file = file;
    this.#line = line.number;
    this.#object = object;
  }

  /** @throws DataMistake unless it is text with at least one character. */
  text(field: string): string {
    const value = this.optionalText(field);
    if (value === undefined || value === "") return this.#refuse(field, "must be text that is not empty");
    return value;
  }

  /** Undefined when it is absent. @throws DataMistake when it is something else than text. */
  optionalText(field: string): string | undefined {
    const value = this.#object[field];
    if (value === undefined || value === null) return undefined;
    return typeof value === "string" ? value : this.#refuse(field, "must be text");
  }

  /** Each entry of an object field. @throws DataMistake unless it is an object. */
  entries(field: string): readonly (readonly [string, unknown])[] {
    const value = this.#object[field];
    return isObject(value) ? Object.entries(value) : this.#refuse(field, "must be an object with one entry a model");
  }

  /** Numbers by model, within bounds. @throws DataMistake */
  numbers(field: string, { least, most }: { readonly least: number; readonly most: number }): Map<string, number> {
    return new Map(
      this.entries(field).map(([model, value]) => {
        if (typeof value === "number" && value >= least && value <= most) return [model, value];
        return this.#refuse(`${field}.${model}`, `must be a number from ${least} to ${most}`);
      }),
    );
  }

  has(field: string): boolean {
    return this.#object[field] !== undefined;
  }

  #refuse(field: string, problem: string): never {
    throw new DataMistake(this.#file, this.#line, `"${field}" ${problem}`);
  }
}
