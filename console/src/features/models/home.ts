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
  model: (id) => {
    const { vendor, model } = namesIn(id);
    if (vendor === undefined) return { to: "/catalogue/$model", params: { model } };
    return { to: "/catalogue/$vendor/$model", params: { vendor, model } };
  },
  compare: (ids) => ({ to: "/catalogue/compare", search: { model: ids } }),
};

/** Most ids are a vendor and a name. */
function namesIn(id: string): { readonly vendor: string | undefined; readonly model: string } {
  const slash = id.indexOf("/");
  if (slash === -1) return { vendor: undefined, model: id };
  return { vendor: id.slice(0, slash), model: id.slice(slash + 1) };
}

function workspaceHome(workspaceId: string): CatalogueHome {
  return {
    workspaceId,
    list: (search = {}) => ({ to: "/w/$workspaceId/models", params: { workspaceId }, search }),
    model: (id) => {
      const { vendor, model } = namesIn(id);
      if (vendor === undefined) return { to: "/w/$workspaceId/models/$model", params: { workspaceId, model } };
      return { to: "/w/$workspaceId/models/$vendor/$model", params: { workspaceId, vendor, model } };
    },
    compare: (ids) => ({ to: "/w/$workspaceId/models/compare", params: { workspaceId }, search: { model: ids } }),
  };
}
