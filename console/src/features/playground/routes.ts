// Route of the playground.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "../../app/parent-routes.tsx";
import { choiceAt, compact, textAt, type RawSearch } from "../../app/search.ts";
import type { Mode, PlaygroundProtocol } from "./playground-request.ts";

export const views = ["answer", "headers", "code", "raw"] as const;
export type View = (typeof views)[number];

export type PlaygroundSearch = {
  readonly protocol?: PlaygroundProtocol;
  readonly mode?: Mode;
  readonly model?: string;
  readonly stack?: string;
  /** A request whose trace keeps its prompt: the form is filled with it. */
  readonly from?: string;
  readonly view?: View;
};

export const playgroundRoutes = [
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "playground",
    validateSearch: (raw: RawSearch): PlaygroundSearch =>
      compact({
        protocol: choiceAt(raw, "protocol", ["responses", "chat-completions", "messages", "embeddings"]),
        mode: choiceAt(raw, "mode", ["live", "test"]),
        model: textAt(raw, "model"),
        stack: textAt(raw, "stack"),
        from: textAt(raw, "from"),
        view: choiceAt(raw, "view", views),
      }),
    component: lazyRouteComponent(() => import("./playground-page.tsx"), "PlaygroundPage"),
  }),
] as const;
