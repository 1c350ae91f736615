// One thing of the control API, read and changed.

import { useMutation, useQuery, useQueryClient, type QueryKey, type UseMutationResult } from "@tanstack/react-query";
import { asApiError, type ApiError } from "./api-error.ts";
import { getApi, type Query } from "./fetch-api.ts";

export type ItemState<Item> = {
  /** Undefined until it is there. */
  readonly item: Item | undefined;
  readonly error: ApiError | undefined;
  readonly refreshing: boolean;
  readonly retry: () => void;
};

export type ItemOptions = { readonly refreshMs?: number; readonly enabled?: boolean };

/** Reads what is at `path`; the path and query are its key in the cache. */
export function useItem<Item>(path: string, query: Query = {}, options: ItemOptions = {}): ItemState<Item> {
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: itemKey(path, query),
    queryFn: ({ signal }) => getApi<Item>(path, query, signal),
    enabled: options.enabled ?? true,
    refetchInterval: options.refreshMs ?? false,
  });
  return {
    item: data,
    error: error === null ? undefined : asApiError(error),
    refreshing: isFetching && data !== undefined,
    retry: () => void refetch(),
  };
}

export function itemKey(path: string, query?: Query): QueryKey {
  return query === undefined ? ["item", path] : ["item", path, query];
}

/**
 * Something that changes the server. `problem` is what to show beside the form.
 * @param changes paths whose lists and items are read again afterwards.
 */
export function useChange<Input, Output>(
  run: (input: Input) => Promise<Output>,
  changes: readonly string[],
  done?: (output: Output, input: Input) => void,
): UseMutationResult<Output, Error, Input> & { readonly problem: ApiError | undefined } {
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: run,
    onSuccess: async (output, input) => {
      done?.(output, input);
      await Promise.all(changes.map((path) => refresh(client, path)));
    },
  });
  return { ...mutation, problem: mutation.error === null ? undefined : asApiError(mutation.error) };
}

/** Reads again every list and item at this path or below it. */
function refresh(client: ReturnType<typeof useQueryClient>, path: string): Promise<void> {
  return client.invalidateQueries({
    predicate: ({ queryKey: [kind, at] }) =>
      (kind === "list" || kind === "item") && typeof at === "string" && (at === path || at.startsWith(`${path}/`)),
  });
}
