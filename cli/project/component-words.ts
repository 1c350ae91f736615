// The options of `ast add` that say what an entry is, a provider or a container, and the questions instead of them.

import type { ComponentSection } from "../../blueprint/blueprint.ts";
import { providerNames } from "../../blueprint/providers.ts";
import { readText, type BlueprintText } from "./read-file.ts";
import type { Options } from "../command.ts";
import { usageProblem } from "../problem.ts";
import type { Choice, Prompts } from "../terminal/prompts.ts";

/** Every `ast add` takes them. */
export const addOptions = {
  file: { kind: "text", short: "f", placeholder: "<file>", summary: "The file (default: astropods.yml here)" },
  "dry-run": { kind: "flag", summary: "Show what would change, and write nothing" },
} as const satisfies Options;

export const containerOptions = {
  image: { kind: "text", placeholder: "<image>", summary: "Image of a container" },
  build: { kind: "text", placeholder: "<folder>", summary: "Folder of a container that is built" },
  dockerfile: {
    kind: "text",
    placeholder: "<file>",
    summary: "Its Dockerfile, from that folder (default: Dockerfile)",
  },
  port: { kind: "text", placeholder: "<port>", summary: "Port that the container listens on" },
  volume: { kind: "text", placeholder: "<path>", summary: "Path in the container that is kept" },
} as const satisfies Options;

export type ContainerWords = Readonly<Record<keyof typeof containerOptions, string | undefined>>;

/** Undefined when nothing was said about a container. @throws Problem usage when what was said is too little */
export function containerOf(words: ContainerWords): Readonly<Record<string, unknown>> | undefined {
  const { image, build, dockerfile, port, volume } = words;
  if (image === undefined && build === undefined) {
    if (dockerfile === undefined && port === undefined && volume === undefined) return undefined;
    throw usageProblem("A container needs an image.", "Add --image <image>, or --build <folder>.");
  }
  if (image !== undefined && build !== undefined) {
    throw usageProblem("A container has an image or is built, not both.", "Leave out --image or --build.");
  }
  return {
    ...(image === undefined ? { build: { context: build, dockerfile: dockerfile ?? "Dockerfile" } } : { image }),
    ...(port === undefined ? {} : { port: portNumber(port) }),
    ...(volume === undefined ? {} : { volume }),
  };
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw usageProblem(`${text} is no port.`, "A port is a number from 1 to 65535.");
  return port;
}

export type ProviderQuestion = {
  readonly section: ComponentSection;
  /** Of the entry; a provider's name says which provider is meant. */
  readonly name: string;
  readonly typed: string | undefined;
  readonly file: BlueprintText;
  readonly prompts: Prompts;
};

/** What was typed, else what the entry's name says, else what is answered. @throws Problem usage without a terminal */
export async function providerOf({ section, name, typed, file, prompts }: ProviderQuestion): Promise<string> {
  const known = await knownProviders(section, file);
  if (typed !== undefined) {
    if (known.some(({ value }) => value === typed.toLowerCase() || value === typed)) return typed;
    throw usageProblem(
      `There is no provider ${typed} for ${section}.`,
      `There are ${known.map(({ value }) => value).join(", ")}; ast add provider declares one of your own.`,
    );
  }
  if (known.some(({ value }) => value === name)) return name;
  return prompts.select({ message: `What is ${name}?`, instead: "--provider or --image" }, known);
}

async function knownProviders(section: ComponentSection, file: BlueprintText): Promise<readonly Choice[]> {
  const { blueprint } = await readText(file);
  const custom = blueprint?.providers.filter(({ scope }) => scope.includes(section)) ?? [];
  return [
    ...providerNames(section).map((value) => ({
      value,
      ...(value === "gateway" && { hint: "models of this server, with a managed key" }),
    })),
    ...custom.map(({ name }) => ({ value: name, hint: "your own" })),
  ];
}

/** The entry's name. @throws Problem usage without a terminal */
export function nameOf(typed: string | undefined, prompts: Prompts, command: string): Promise<string> {
  if (typed !== undefined) return Promise.resolve(typed);
  return prompts.text({ message: "What is it called?", instead: `its name: ast add ${command} <name>` }, (answer) =>
    answer.trim() === "" ? "Give it a name." : undefined,
  );
}
