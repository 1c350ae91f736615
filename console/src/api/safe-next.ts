// Where to go after signing in: only ever a page of this console.

/** The path when it stays inside this console, else `/`. Browsers read `//host` and `/\host` as another server. */
export function safeNext(next: string | undefined): string {
  if (next === undefined || !next.startsWith("/") || /^\/[/\\]/.test(next)) return "/";
  const hasControlCharacter = [...next].some((character) => character < " ");
  return hasControlCharacter ? "/" : next;
}
