// Colours, where they are wanted.

import type { Environment } from "../context.ts";

export type Style = Readonly<Record<"bold" | "dim" | "red" | "green" | "yellow" | "cyan", (text: string) => string>>;

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** https://no-color.org, and FORCE_COLOR for programs that show what they read. */
export function wantsColour(environment: Environment, isTerminal: boolean): boolean {
  if (environment["NO_COLOR"]) return false;
  if (environment["FORCE_COLOR"]) return environment["FORCE_COLOR"] !== "0";
  return isTerminal && environment["TERM"] !== "dumb";
}

export function styleOf(colourful: boolean): Style {
  const paint = (name: keyof typeof codes) => {
    const [open, close] = codes[name];
    return (text: string) => (colourful ? `\u001b[${open}m${text}\u001b[${close}m` : text);
  };
  return {
    bold: paint("bold"),
    dim: paint("dim"),
    red: paint("red"),
    green: paint("green"),
    yellow: paint("yellow"),
    cyan: paint("cyan"),
  };
}
