// Makes a volume's folder writable for every user of a container: an engine makes volumes as root's, while many images run
// as somebody else.

import type Docker from "dockerode";
import { tmpdir } from "node:os";
import { posix } from "node:path";
import { buffer } from "node:stream/consumers";
import { Readable } from "node:stream";

/** As of /tmp: everyone writes, and takes away only their own. */
const openMode = 0o1777;

/** @param path absolute, in a container that was made and not started */
export async function openFolder(container: Docker.Container, path: string): Promise<void> {
  const { pack } = await import("tar-fs");
  const name = posix.basename(path);
  const archive = pack(tmpdir(), {
    entries: [],
    finalize: false,
    finish: (packed) => {
      packed.entry({ name, type: "directory", mode: openMode });
      packed.finalize();
    },
  });
  await container.putArchive(await buffer(Readable.from(archive)), { path: posix.dirname(path) });
}
