// The runtimes' contract on the container engine of this machine.

import { createDockerRuntime } from "../../runtimes/docker/docker-runtime.ts";
import { describeRuntime } from "../../runtimes/runtime.contract.ts";
import { describeWithContainers, testEngine } from "../support/container-engine.ts";
import { buildShellImage } from "../support/container-image.ts";
import { contractScript } from "../support/contract-program.ts";

describeWithContainers("containers on this machine", () => {
  describeRuntime("the container engine", async () => {
    const engine = await testEngine();
    const image = "localhost/astrolabe-test/contract:1";
    await buildShellImage(engine, image, contractScript);
    return {
      runtime: createDockerRuntime({ connect: async () => engine }),
      image,
      missingImage: "localhost/astrolabe-test/missing:1",
      reachable: true,
    };
  });
});
