// Links in letters: to a page of the console, with the token that it uses up and the page that is to follow.

/** @param libraryUrl the library's own link, whose `callbackURL` it has checked to be of this server. */
export function pageLink(publicUrl: string, page: string, token: string, libraryUrl: string): string {
  const next = new URL(libraryUrl).searchParams.get("callbackURL") ?? "/";
  const query = new URLSearchParams({ token, ...(next !== "/" && next.startsWith("/") && { next }) });
  return `${publicUrl}${page}?${query.toString()}`;
}
