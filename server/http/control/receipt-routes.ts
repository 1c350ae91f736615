// The route for receipts of a workspace.

import { asId, type RequestId } from "../../contracts/ids.ts";
import { receiptSchema } from "../../contracts/receipts.ts";
import { readers } from "./access.ts";
import { noBody, noQuery, workspaceRoute } from "./declared-route.ts";

export const receiptRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/receipts/:request",
    auth: readers,
    tag: "Usage",
    summary: "Get a request's receipt",
    description:
      "Signed, with its place in the ledger's chain. A request that was not charged has one that says 0 and why.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: receiptSchema,
    handle: ({ workspace, param, services }) =>
      services.receipts.receipt(workspace.id, asId<RequestId>(param("request"))),
  }),
];
