// What is wrong with a file of graded prompts, with its place.

export class DataMistake extends Error {
  override readonly name = "DataMistake";

  /**
   * @param file As the reader can open it.
   * @param line From 1; undefined for what concerns the whole file.
   * @param problem Names the field, what it is and what it should be.
   */
  constructor(
    readonly file: string,
    readonly line: number | undefined,
    problem: string,
  ) {
    super(`${file}${line === undefined ? "" : `:${line}`}: ${problem}`);
  }
}
