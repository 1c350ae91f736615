// `ast logout`: ends the session on the server, and forgets its token.

import { command } from "../command.ts";
import type { Context } from "../context.ts";
import { Problem } from "../problem.ts";
import { HttpClient } from "../api/http-client.ts";

export const logoutCommand = command({
  path: ["logout"],
  summary: "End your session, here and on the server",
  options: { all: { kind: "flag", summary: "On every server that you are signed in to" } },
  async run(call) {
    const { output, profiles, http } = call;
    const servers = call.flag("all") ? profiles.list().map(({ server }) => server) : [http.server];
    const known = servers.filter((server) => profiles.find(server) !== undefined);
    const ended: { server: string; ended_on_server: boolean }[] = [];
    for (const server of known) {
      const isEnded = await endSession(call, server);
      await profiles.signOut(server);
      ended.push({ server, ended_on_server: isEnded });
    }
    output.answer({ sessions: ended }, () => {
      for (const { server } of ended) output.done(`Signed out of ${server}.`);
      if (ended.length === 0) output.note("Nobody is signed in.");
    });
    for (const { server } of ended.filter(({ ended_on_server }) => !ended_on_server)) {
      output.warn(`${server} could not be told: end the session in its console, or it ends 7 days after its last use.`);
    }
  },
});

/** Whether the server knows that it has ended. */
async function endSession({ profiles, version, signal, output }: Context, server: string): Promise<boolean> {
  const token = await profiles.token(server);
  if (token === undefined) return true;
  const http = new HttpClient({ server, version, signal, detail: (line) => output.detail(line) });
  try {
    const { status } = await http.exchange("POST", "/api/auth/sign-out", { token, timeoutMs: 15_000 });
    return status === 200 || status === 401;
  } catch (thrown) {
    if (thrown instanceof Problem) return false;
    throw thrown;
  }
}
