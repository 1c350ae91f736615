// Stands between a server and its Postgres, to be cut as a network is: altogether, or just as a transaction is committed.

import type { Socket } from "bun";

type End = { peer: Socket<End> | undefined; readonly early: Uint8Array[]; mute: boolean };

export type PostgresProxy = {
  /** The same database, by way of the proxy. */
  readonly url: string;
  /** Ends every connection and takes none until `restore`. */
  cut(): void;
  restore(): void;
  /** Loses the connection of the next COMMIT, before the database gets to see it or after; resolves when it is lost. */
  loseNextCommit(when: "before" | "after"): Promise<void>;
  close(): void;
};

/** How long Postgres gets to carry out a COMMIT whose answer nobody will hear. */
const carryOutMs = 100;

export function startPostgresProxy(address: string): PostgresProxy {
  const target = new URL(address);
  const ends = new Set<Socket<End>>();
  let isCut = false;
  let trap: { when: "before" | "after"; sprung: () => void } | undefined;

  const lose = (client: Socket<End>): void => {
    client.data.peer?.terminate();
    client.terminate();
  };

  const fromClient = (client: Socket<End>, bytes: Uint8Array): void => {
    const { peer } = client.data;
    if (!peer) return void client.data.early.push(new Uint8Array(bytes));
    if (!trap || !Buffer.from(bytes).includes("COMMIT\0")) return void peer.write(bytes);
    const { when, sprung } = trap;
    trap = undefined;
    peer.data.mute = true;
    if (when === "after") peer.write(bytes);
    setTimeout(
      () => {
        lose(client);
        sprung();
      },
      when === "after" ? carryOutMs : 0,
    );
  };

  const connect = async (client: Socket<End>): Promise<void> => {
    const peer = await Bun.connect<End>({
      hostname: target.hostname,
      port: Number(target.port),
      data: { peer: client, early: [], mute: false },
      socket: {
        data: (server, bytes) => void (server.data.mute || client.write(bytes)),
        close: () => client.terminate(),
      },
    });
    ends.add(peer);
    for (const bytes of client.data.early.splice(0)) peer.write(bytes);
    client.data.peer = peer;
  };

  const listener = Bun.listen<End>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open(client) {
        client.data = { peer: undefined, early: [], mute: false };
        ends.add(client);
        if (isCut) client.terminate();
        else void connect(client).catch(() => client.terminate());
      },
      data: fromClient,
      close: (client) => client.data.peer?.terminate(),
    },
  });
  const url = new URL(address);
  url.port = String(listener.port);
  const cut = (): void => {
    isCut = true;
    for (const end of ends) end.terminate();
    ends.clear();
  };
  return {
    url: url.toString(),
    cut,
    restore: () => void (isCut = false),
    loseNextCommit: (when) =>
      new Promise((resolve) => {
        trap = { when, sprung: resolve };
      }),
    close() {
      cut();
      listener.stop(true);
    },
  };
}
