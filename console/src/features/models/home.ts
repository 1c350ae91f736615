// Where the catalogue is shown, inside a workspace or to everybody, and the links between its pages there.

import { useParams, type LinkProps } from "@tanstack/react-router";
import type { ModelsSearch } from "./models-search.ts";

export type PageLink = Pick<LinkProps, "to" | "params" | "search">;

export type CatalogueHome = {
  /** Undefined outside of a workspace. */
  readonly workspaceId: string | undefined;
  readonly list: (search?: ModelsSearch) => PageLink;
  readonly model: (id: string) => PageLink;
  readonly compare: (ids: readonly string[]) => PageLink;
};

export function useCatalogueHome(): CatalogueHome {
  const { workspaceId } = useParams({ strict: false });
  return workspaceId === undefined ? publicHome : workspaceHome(workspaceId);
}

const publicHome: CatalogueHome = {
  workspaceId: undefined,
  list: (search = {}) => ({ to: "/catalogue", search }),
  model: (id) => ({ to: "/catalogue/$", params: { _splat: id } }),
  compare: (ids) => ({ to: "/catalogue/compare", search: { model: ids } }),
};

function workspaceHome(workspaceId: string): CatalogueHome {
  return {
    workspaceId,
    list: (search = {}) => ({ to: "/w/$workspaceId/models", params: { workspaceId }, search }),
    model: (id) => ({ to: "/w/$workspaceId/models/$", params: { workspaceId, _splat: id } }),
    compare: (ids) => ({ to: "/w/$workspaceId/models/compare", params: { workspaceId }, search: { model: ids } }),
  };
}
