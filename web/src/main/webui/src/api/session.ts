import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError, call } from './client.ts';
import type { Session } from './types.ts';

/** Who is signed in; null when nobody is. */
export const session = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await call<Session>('session', { signal });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        return null;
      }
      throw error;
    }
  },
  staleTime: 60_000,
});

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (login: { user: string; password: string }) =>
      call<Session>('session', { method: 'POST', body: login }),
    onSuccess: (signedIn) => client.setQueryData(session.queryKey, signedIn),
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<void>('session', { method: 'DELETE' }),
    onSuccess: () => {
      client.setQueryData(session.queryKey, null);
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== session.queryKey[0] });
    },
  });
}
