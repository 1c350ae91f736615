// The places that the reader can go to now: those whose routes exist, in the current workspace.

import { useParams, useRouter } from "@tanstack/react-router";
import { useMe } from "../api/me.ts";
import { lastWorkspace } from "./last-workspace.ts";
import { operatorPlaces, workspacePlaces, type Place, type PlaceGroup } from "./navigation.ts";

export type OpenPlace = Place & { readonly params: { readonly workspaceId: string } };
export type OpenPlaceGroup = { readonly title?: string; readonly places: readonly OpenPlace[] };

/** Outside of a workspace, as on the account page, the one that was open last. */
export function useWorkspaceId(): string | undefined {
  const params = useParams({ strict: false });
  const { workspaces } = useMe();
  const last = workspaces.find(({ id }) => id === lastWorkspace.get());
  return params.workspaceId ?? last?.id ?? workspaces[0]?.id;
}

export function usePlaces(): readonly OpenPlaceGroup[] {
  const { routesByPath } = useRouter();
  const { is_operator: isOperator } = useMe();
  const workspaceId = useWorkspaceId();
  const groups: readonly PlaceGroup[] = [
    ...(workspaceId === undefined ? [] : workspacePlaces),
    ...(isOperator ? [operatorPlaces] : []),
  ];
  return groups
    .map((group) => ({
      ...group,
      places: group.places
        .filter(({ to }) => Object.hasOwn(routesByPath, to))
        .map((place) => ({ ...place, params: { workspaceId: workspaceId ?? "" } })),
    }))
    .filter(({ places }) => places.length > 0);
}
