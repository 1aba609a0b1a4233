import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '@/api/client.ts';
import { session } from '@/api/session.ts';

/** A session that ended anywhere brings the sign-in page; an answer that says why is not asked for again. */
export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (error instanceof ApiError && error.status === 401) {
        queries.setQueryData(session.queryKey, null);
      }
    },
  }),
  defaultOptions: {
    queries: {
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      staleTime: 2_000,
    },
  },
});
