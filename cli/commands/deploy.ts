// `ast deploy`: runs a build of a blueprint as an agent.

import { command } from "../command.ts";
import { deploy } from "../deployments/deploy.ts";
import { deployOptions, readDeployRequest, readTimeout } from "../deployments/deploy-request.ts";
import { usageProblem } from "../problem.ts";
import { nameOfFolder } from "../project/blueprint-file.ts";

export const deployCommand = command({
  path: ["deploy"],
  aliases: [["blueprint", "deploy"]],
  summary: "Run a blueprint on the server as an agent",
  description: `Deploys the newest build, or the one of --build, as a new agent. Push a build first: ast push.
Credentials and inputs of the blueprint are given by --var, from a file, or from the account's vault (ast secrets).
On a terminal you are asked for what is missing.

Afterwards: ast status, ast logs, ast redeploy, ast rollback, ast undeploy.`,
  arguments: [
    {
      name: "blueprint",
      summary: "Its name, or @account/name for one shared by another account (default: that of ./astropods.yml)",
      optional: true,
    },
  ],
  options: {
    name: {
      kind: "text",
      short: "n",
      placeholder: "<name>",
      summary: "What the agent is called (default: as the blueprint)",
    },
    ...deployOptions,
  },
  examples: [
    { does: "Deploy the agent of this folder and see it come up", line: "ast deploy --wait" },
    {
      does: "With a secret of the vault, and a value",
      line: "ast deploy support --var OPENAI_API_KEY=@ --var REGION=eu",
    },
    { does: "See what is missing, and deploy nothing", line: "ast deploy support --dry-run" },
  ],
  async run(call) {
    const blueprint = call.optional("blueprint") ?? (await nameOfFolder(call.cwd));
    if (blueprint === undefined) {
      throw usageProblem(
        "Which blueprint?",
        "Give its name, or go to the folder of its astropods.yml. `ast blueprint list` shows them.",
      );
    }
    const waitMs = call.flag("wait") ? readTimeout(call.text("timeout")) : undefined;
    const request = await readDeployRequest(call);
    await deploy(call, {
      blueprint,
      request,
      displayName: call.text("name"),
      dryRun: call.flag("dry-run"),
      waitMs,
    });
  },
});
