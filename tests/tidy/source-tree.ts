// The checkout as the tidiness tests see it: every source file with its lines, its code without comments, its imports.

import { join, posix } from "node:path";

export const root = join(import.meta.dir, "..", "..");

export type Import = { readonly target: string; readonly line: number };

export type SourceFile = {
  /** From the root, with forward slashes. */
  readonly path: string;
  /** A test, or what only tests use. */
  readonly isTest: boolean;
  readonly lines: readonly string[];
  /** The same lines with comments and quoted text blanked out. */
  readonly code: readonly string[];
  readonly imports: readonly Import[];
};

/** A finding in the one form that every rule reports: `path:line: rule, use X instead`. */
export function finding(path: string, line: number, text: string): string {
  return `${path}:${line}: ${text}`;
}

/** Projects of their own, for the people who scaffold them: what they import is not declared here. */
const scaffolds = "cli/templates/";

/** Paths that match one of the patterns, from the root, sorted; never below node_modules. */
export function listFiles(...patterns: readonly string[]): string[] {
  const found = patterns.flatMap((pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: root, dot: true })]);
  return [...new Set(found.map((path) => path.replaceAll("\\", "/")))]
    .filter((path) => !path.startsWith("node_modules/"))
    .toSorted();
}

export async function readSources(): Promise<SourceFile[]> {
  const paths = listFiles(
    "{server,blueprint,runtimes,routing,cli,console,scripts,tests,bench}/**/*.{ts,tsx,mjs}",
  ).filter((path) => !path.startsWith(scaffolds));
  return Promise.all(paths.map(async (path) => parseSource(path, await Bun.file(join(root, path)).text())));
}

export function parseSource(path: string, text: string): SourceFile {
  const uncommented = rewriteTokens(text, (token) => (isComment(token) ? blank(token) : token));
  const code = rewriteTokens(uncommented, (token) => (/^["']/.test(token) ? blank(token) : token));
  return {
    path,
    isTest: /\.(?:test|test-kit|contract)\.\w+$|\/testing\//.test(path) || path.startsWith("tests/"),
    lines: text.split("\n"),
    code: code.split("\n"),
    imports: importsOf(uncommented),
  };
}

/** Quoted text, template text, regular expressions and comments, told apart so that none is mistaken for another. */
const tokens = new RegExp(
  [
    /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/,
    /\/\/[^\n]*|\/\*[\s\S]*?\*\//,
    /(?<=[(=,:[!&|?{;]\s*)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\//,
  ]
    .map((part) => part.source)
    .join("|"),
  "g",
);

function rewriteTokens(text: string, rewrite: (token: string) => string): string {
  return text.replace(tokens, (token) => rewrite(token));
}

function isComment(token: string): boolean {
  return token.startsWith("//") || token.startsWith("/*");
}

/** Spaces of the same length on the same lines. */
function blank(token: string): string {
  return token.replace(/[^\n]/g, " ");
}

/** `import ... from`, `export ... from`, `import "..."` and `import("...")`, also over several lines. */
function importsOf(text: string): Import[] {
  const statement =
    /(?:^|\n)\s*(?:import|export)\b[^"';]*?\bfrom\s*"([^"]+)"|(?:^|\n)\s*import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"/g;
  return [...text.matchAll(statement)].map((match) => ({
    target: match[1] ?? match[2] ?? match[3] ?? "",
    line: text.slice(0, match.index + match[0].length).split("\n").length,
  }));
}

/** The path that a relative import means, from the root; undefined for packages and built-in modules. */
export function resolveImport(from: string, target: string): string | undefined {
  return target.startsWith(".") ? posix.normalize(posix.join(posix.dirname(from), target)) : undefined;
}
