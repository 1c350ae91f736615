import { describe, expect, test } from "bun:test";
import type { Workload } from "../../blueprint/workload.ts";
import { containerOptions, madeFrom, testCommand, type ContainerRequest } from "./container-options.ts";
import { asRuntimeError } from "./engine-error.ts";

const workload: Workload = {
  name: "agent",
  component: "agent",
  image: "example.com/agent:1",
  environment: { TOKEN: "the-token" },
  ports: [80],
  replicas: 2,
  run: "always",
  frontend: true,
};

function requestOf(change: Partial<Workload> = {}, more: Partial<ContainerRequest> = {}): ContainerRequest {
  return {
    engine: { flavour: "docker", logDriver: "json-file" },
    revision: { project: "p", number: 3, workloads: [], labels: { a: "b" }, access: "public", startTimeoutMs: 1 },
    workload: { ...workload, ...change },
    image: { name: "example.com/agent:1", id: "sha256:1", ports: [], workingFolder: "/" },
    extraHosts: [],
    restarts: true,
    ...more,
  };
}

describe("a container", () => {
  test("is named after project, workload, revision and replica, and shows its frontend on this machine only", () => {
    const options = containerOptions(requestOf(), 2);
    expect(options.name).toBe("p-agent-r3-2");
    expect(options.Env).toEqual(["TOKEN=the-token"]);
    expect(options.HostConfig?.PortBindings).toEqual({ "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] });
    expect(options.HostConfig?.RestartPolicy).toEqual({ Name: "unless-stopped" });
    expect(options.HostConfig?.SecurityOpt).toEqual(["no-new-privileges"]);
    expect(options.Labels).toMatchObject({ a: "b", "astrolabe.project": "p", "astrolabe.revision": "3" });
    expect(JSON.stringify({ ...options, Env: [] })).not.toContain("the-token");
  });

  test("of a job is not started again, and one without a frontend shows nothing", () => {
    const options = containerOptions(requestOf({ run: "manual", frontend: false }), 1);
    expect(options.HostConfig?.RestartPolicy).toEqual({ Name: "no" });
    expect(options.HostConfig?.PortBindings).toEqual({});
  });

  test("gets a gpu in the way of its engine", () => {
    const gpu = { runtime: "cuda" } as const;
    expect(containerOptions(requestOf({ gpu }), 1).HostConfig?.DeviceRequests?.[0]?.Driver).toBe("nvidia");
    const podman = requestOf({ gpu }, { engine: { flavour: "podman", logDriver: "k8s-file" } });
    expect(containerOptions(podman, 1).HostConfig?.Devices).toMatchObject([{ PathOnHost: "nvidia.com/gpu=all" }]);
    expect(containerOptions(requestOf({ gpu: { runtime: "rocm" } }), 1).HostConfig?.Devices).toHaveLength(2);
  });

  test("is the same as another only if all is that it is made from", () => {
    expect(madeFrom(requestOf())).toBe(madeFrom(requestOf()));
    expect(madeFrom(requestOf({ environment: { TOKEN: "other" } }))).not.toBe(madeFrom(requestOf()));
    const rebuilt = { image: { ...requestOf().image, id: "sha256:2" } };
    expect(madeFrom(requestOf({}, rebuilt))).not.toBe(madeFrom(requestOf()));
  });

  test("is tested by the words of its health check", () => {
    expect(testCommand(["CMD-SHELL", "pg_isready -U x"])).toEqual(["/bin/sh", "-c", "pg_isready -U x"]);
    expect(testCommand(["CMD", "redis-cli", "ping"])).toEqual(["redis-cli", "ping"]);
    expect(testCommand(["redis-cli", "ping"])).toEqual(["redis-cli", "ping"]);
  });
});

test("what an engine refuses is told without values of the environment", () => {
  const refusal = Object.assign(new Error("(HTTP code 400) bad parameter - invalid variable: TOKEN=the-token"), {
    statusCode: 400,
    json: { message: "invalid variable: TOKEN=the-token" },
  });
  const error = asRuntimeError(refusal, { what: "It cannot be made", secrets: ["the-token"] });
  expect(error.message).toBe("It cannot be made: invalid variable: TOKEN=***.");
  expect(error.code).toBe("failed");
});
