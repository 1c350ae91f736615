// One line about what is being waited for: redrawn on a terminal, elsewhere printed anew whenever it says something else.

import type { Stream } from "./output.ts";
import { printableLine } from "./printable.ts";
import type { Style } from "./style.ts";

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const frameMs = 100;
const clearLine = "\r\u001b[2K";

export class Progress {
  readonly #stream: Stream;
  readonly #style: Style;
  readonly #isShown: boolean;
  #text: string;
  #printed = "";
  #frame = 0;
  #isDrawn = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(stream: Stream, style: Style, isShown: boolean, text: string) {
    this.#stream = stream;
    this.#style = style;
    this.#isShown = isShown;
    this.#text = printableLine(text);
    if (isShown && stream.isTerminal) {
      this.#timer = setInterval(() => this.#draw(), frameMs);
      this.#timer.unref();
    }
    this.#show();
  }

  update(text: string): void {
    this.#text = printableLine(text);
    this.#show();
  }

  /** Takes the line away; the next frame draws it again. For whoever prints in between. */
  pause(): void {
    if (this.#isDrawn) this.#stream.write(clearLine);
    this.#isDrawn = false;
  }

  /** Ends it; a text stays as a line. */
  stop(text?: string): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.pause();
    if (text !== undefined && this.#isShown) this.#stream.write(`${this.#style.green("✓")} ${printableLine(text)}\n`);
  }

  #show(): void {
    if (!this.#isShown) return;
    if (this.#timer !== undefined) {
      this.#draw();
    } else if (!this.#stream.isTerminal && this.#printed !== this.#text) {
      this.#printed = this.#text;
      this.#stream.write(`${this.#style.cyan("→")} ${this.#text}\n`);
    }
  }

  #draw(): void {
    this.#frame = (this.#frame + 1) % frames.length;
    this.#stream.write(`${clearLine}${this.#style.cyan(frames[this.#frame] ?? "")} ${this.#text}`);
    this.#isDrawn = true;
  }
}
