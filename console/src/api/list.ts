// Lists of the control API, page by page: one hook for every table.

import { useInfiniteQuery, type InfiniteData, type QueryKey } from "@tanstack/react-query";
import { useMemo } from "react";
import { asApiError, type ApiError } from "./api-error.ts";
import { getApi, type Query } from "./fetch-api.ts";

export type ListPage<Item> = {
  readonly object: "list";
  readonly data: readonly Item[];
  readonly has_more: boolean;
  readonly next_cursor: string | null;
};

/** What a table needs to know of a list. */
export type ListState<Item> = {
  /** Undefined until the first page is there. */
  readonly items: readonly Item[] | undefined;
  readonly error: ApiError | undefined;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  /** Whether something newer is being fetched behind what is shown. */
  readonly refreshing: boolean;
  readonly loadMore: () => void;
  readonly retry: () => void;
};

export type ListOptions = {
  /** Milliseconds between refreshes; absent: none by itself. */
  readonly refreshMs?: number;
  readonly enabled?: boolean;
};

/**
 * A list, growing by its cursor.
 * @param path below the server, such as `/api/workspaces/ws_1/keys`.
 * @param query filters; they are part of the cache's key.
 */
export function useList<Item>(path: string, query: Query = {}, options: ListOptions = {}): ListState<Item> {
  const result = useInfiniteQuery<ListPage<Item>, Error, InfiniteData<ListPage<Item>>, QueryKey, string | undefined>({
    queryKey: listKey(path, query),
    queryFn: ({ pageParam, signal }) => getApi<ListPage<Item>>(path, { ...query, cursor: pageParam }, signal),
    initialPageParam: undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    enabled: options.enabled ?? true,
    refetchInterval: options.refreshMs ?? false,
  });
  const { data, error, hasNextPage, isFetchingNextPage, isFetching, fetchNextPage, refetch } = result;
  const items = useMemo(() => data?.pages.flatMap((page) => page.data), [data]);
  return {
    items,
    error: error === null ? undefined : asApiError(error),
    hasMore: hasNextPage,
    loadingMore: isFetchingNextPage,
    refreshing: isFetching && !isFetchingNextPage && items !== undefined,
    loadMore: () => void (hasNextPage && !isFetchingNextPage && fetchNextPage()),
    retry: () => void refetch(),
  };
}

/**
 * What is there as a whole, as a table takes it.
 * @param state where the items come from; absent: they are there already
 */
export function listOf<Item>(
  items: readonly Item[] | undefined,
  state: Partial<Pick<ListState<Item>, "error" | "refreshing" | "retry">> = {},
): ListState<Item> {
  const nothing = (): void => undefined;
  const { error, refreshing = false, retry = nothing } = state;
  return { items, error, hasMore: false, loadingMore: false, refreshing, loadMore: nothing, retry };
}

/** The key of a list in the cache; without a query it stands for all lists of the path. */
export function listKey(path: string, query?: Query): QueryKey {
  return query === undefined ? ["list", path] : ["list", path, query];
}
