// The addresses at which the console's one page is answered. None is an address of the API, which also answers at the
// root of the server, without `/v1`.

/** First segments of the console's own addresses; `/` belongs to it too. */
export const clientSegments: ReadonlySet<string> = new Set([
  "w",
  "sign-in",
  "sign-up",
  "account",
  "operator",
  "catalogue",
  "pricing",
  "invitation",
  "claim",
  "device",
  "reset-password",
  "verify-email",
  "workspaces",
]);

/** Whether the console shows a page at this path. */
export function isClientPath(path: string): boolean {
  return path === "/" || clientSegments.has(path.split("/")[1] ?? "");
}
