// All routes below `/api/v1`, in the order of the reference docs.

import type { ControlRoute } from "../control/declared-route.ts";
import { accountRoutes } from "./account-routes.ts";
import { blueprintRoutes } from "./blueprint-routes.ts";
import { deploymentRoutes } from "./deployment-routes.ts";
import { deploymentUsageRoutes } from "./deployment-usage-routes.ts";
import { frontDoorRoutes } from "./front-door-routes.ts";
import { gatewayKeyRoutes } from "./gateway-key-routes.ts";
import { imageRegistryRoutes } from "./image-registry-routes.ts";
import { jobRoutes } from "./job-routes.ts";
import { logRoutes } from "./log-routes.ts";
import { readmeRoutes } from "./readme-routes.ts";
import { revisionRoutes } from "./revision-routes.ts";
import { templateRoutes } from "./template-routes.ts";
import { variableRoutes } from "./variable-routes.ts";

export const agentRoutes: readonly ControlRoute[] = [
  ...accountRoutes,
  ...gatewayKeyRoutes,
  ...imageRegistryRoutes,
  ...variableRoutes,
  ...readmeRoutes,
  ...blueprintRoutes,
  ...templateRoutes,
  ...deploymentRoutes,
  ...revisionRoutes,
  ...logRoutes,
  ...jobRoutes,
  ...deploymentUsageRoutes,
  ...frontDoorRoutes,
];
