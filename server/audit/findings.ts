// What an audit found wrong: the first hundred in words, the rest counted.

export type Finding = {
  /** Undefined for what is not one workspace's. */
  readonly workspace: string | undefined;
  /** The entry's; undefined when it is not about one entry. */
  readonly sequence: number | undefined;
  /** What is wrong, as a sentence without its full stop. */
  readonly problem: string;
};

export const mostFindings = 100;

export class Findings {
  readonly listed: Finding[] = [];
  #total = 0;

  /** All of them, those that are not listed included. */
  get total(): number {
    return this.#total;
  }

  add(workspace: string | undefined, sequence: number | undefined, problem: string): void {
    this.#total++;
    if (this.listed.length < mostFindings) this.listed.push({ workspace, sequence, problem });
  }
}
