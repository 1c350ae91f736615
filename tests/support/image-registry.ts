// A small registry of images for tests: what pushing and pulling need of the distribution protocol, over plain HTTP on a
// loopback address, for one user.

export type ImageRegistry = {
  /** `127.0.0.1:5000`, as image names begin. */
  readonly host: string;
  /** `name:tag` of every image that was pushed. */
  readonly images: () => readonly string[];
  readonly stop: () => Promise<void>;
};

export const registryUser = { name: "ada", password: "registry-password" } as const;

type Stored = { readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string };

export function startImageRegistry(): ImageRegistry {
  const blobs = new Map<string, Stored>();
  const manifests = new Map<string, Stored>();
  const uploads = new Map<string, Uint8Array>();
  const expected = `Basic ${btoa(`${registryUser.name}:${registryUser.password}`)}`;
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: answer });

  async function answer(request: Request): Promise<Response> {
    if (request.headers.get("authorization") !== expected) {
      return new Response("{}", { status: 401, headers: { "www-authenticate": 'Basic realm="tests"' } });
    }
    const url = new URL(request.url);
    const [, name = "", kind = "", reference = ""] =
      /^\/v2\/(.+)\/(blobs\/uploads|blobs|manifests)\/(.*)$/.exec(url.pathname) ?? [];
    if (kind === "blobs/uploads") return upload(request, url, name, reference);
    if (kind === "manifests" && request.method === "PUT") {
      return store(
        manifests,
        `${name}:${reference}`,
        request.headers.get("content-type") ?? "",
        await bytesOf(request),
      );
    }
    if (kind === "") return Response.json({});
    const found = kind === "blobs" ? blobs.get(reference) : manifests.get(`${name}:${reference}`);
    return found === undefined ? new Response("{}", { status: 404 }) : show(request, found);
  }

  async function upload(request: Request, url: URL, name: string, id: string): Promise<Response> {
    const bytes = Buffer.concat([uploads.get(id) ?? new Uint8Array(), await bytesOf(request)]);
    const digest = url.searchParams.get("digest");
    if (request.method === "PUT" && digest !== null) return store(blobs, digest, "application/octet-stream", bytes);
    const next = id === "" ? crypto.randomUUID() : id;
    uploads.set(next, bytes);
    const location = `/v2/${name}/blobs/uploads/${next}`;
    const range = `0-${Math.max(0, bytes.length - 1)}`;
    return new Response(null, { status: 202, headers: { location, range, "docker-upload-uuid": next } });
  }

  function store(into: Map<string, Stored>, key: string, type: string, bytes: Uint8Array): Response {
    const stored = { bytes: new Uint8Array(bytes), type };
    into.set(key, stored);
    const digest = digestOf(stored.bytes);
    if (into === manifests) into.set(key.replace(/:[^:]*$/, `:${digest}`), stored);
    return new Response(null, { status: 201, headers: { location: "/", "docker-content-digest": digest } });
  }

  function show(request: Request, { bytes, type }: Stored): Response {
    const headers = {
      "content-type": type,
      "content-length": String(bytes.length),
      "docker-content-digest": digestOf(bytes),
    };
    return new Response(request.method === "HEAD" ? null : bytes, { headers });
  }

  return {
    host: `127.0.0.1:${server.port}`,
    images: () => [...manifests.keys()].filter((key) => !key.includes(":sha256:")),
    stop: () => server.stop(true),
  };
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${new Bun.CryptoHasher("sha256").update(bytes).digest("hex")}`;
}

async function bytesOf(request: Request): Promise<Uint8Array> {
  return new Uint8Array(await request.arrayBuffer());
}
