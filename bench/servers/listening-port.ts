// How the benchmark's own servers learn where to listen.

/**
 * The port that `PORT` names.
 * @throws Error when it names none.
 */
export function listeningPort(environment: Readonly<Record<string, string | undefined>>): number {
  const port = Number(environment["PORT"]);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error("PORT must be a port number");
  return port;
}
