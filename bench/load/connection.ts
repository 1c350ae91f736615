// One keep-alive connection on a raw TCP socket with one request in flight: what a caller of the load generator is.

import type { Socket } from "bun";
import { ResponseReader, type BodySink } from "./response-reader.ts";

type Exchange = { readonly resolve: (status: number) => void; readonly reject: (reason: Error) => void };

export class Connection {
  readonly #reader = new ResponseReader();
  #socket: Socket | undefined;
  #exchange: Exchange | undefined;
  /** What the socket's buffer did not take yet. */
  #unsent: Buffer | undefined;

  /** @throws Error when nothing listens on the loopback port. */
  static async open(port: number): Promise<Connection> {
    const connection = new Connection();
    connection.#socket = await Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: {
        open: (socket) => void socket.setNoDelay(true),
        data: (_socket, bytes) => connection.#receive(bytes),
        drain: () => connection.#flush(),
        close: () => connection.#fail(new Error("the server closed the connection before its answer was complete")),
        error: (_socket, error) => connection.#fail(error),
      },
    });
    return connection;
  }

  /** HTTP status of the response under way; 0 until its head has arrived. */
  get status(): number {
    return this.#reader.status;
  }

  /**
   * Sends one request and resolves with the HTTP status when its response is complete. `sink` sees the body's bytes.
   * @throws Error when the connection breaks first, by `hangUp` too.
   */
  exchange(request: Buffer, sink?: BodySink): Promise<number> {
    this.#reader.reset(sink);
    this.#unsent = request;
    return new Promise((resolve, reject) => {
      this.#exchange = { resolve, reject };
      this.#flush();
    });
  }

  /** Drops the connection at once, as a client that went away does. */
  hangUp(): void {
    // First, since ending the socket reports a close of its own.
    this.#fail(new Error("hung up"));
    this.#socket?.terminate();
  }

  #flush(): void {
    if (this.#unsent === undefined || this.#socket === undefined) return;
    const written = this.#socket.write(this.#unsent);
    if (written < 0) this.#fail(new Error("the connection is closed"));
    else this.#unsent = written < this.#unsent.length ? this.#unsent.subarray(written) : undefined;
  }

  #receive(bytes: Buffer): void {
    try {
      if (!this.#reader.push(bytes)) return;
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.resolve(this.#reader.status);
  }

  #fail(reason: Error): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.reject(reason);
  }
}
