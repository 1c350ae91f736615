// A password as sign-in compares it, for the server's own first start.

/** Loads the library when it is used: only a start that is given a password needs it. */
export async function hashPassword(password: string): Promise<string> {
  const library = await import("better-auth/crypto");
  return library.hashPassword(password);
}
