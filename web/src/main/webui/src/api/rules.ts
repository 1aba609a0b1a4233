import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from './client.ts';
import type { Items, Rule, Simulation } from './types.ts';

export const rules = queryOptions({
  queryKey: ['rules'],
  queryFn: ({ signal }) => call<Items<Rule>>('rules', { signal }),
});

/** Creates the rule when its id is empty, else replaces it. */
export function useSaveRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...rule }: Rule) =>
      id
        ? call<Rule>(`rules/${encodeURIComponent(id)}`, { method: 'PUT', body: rule })
        : call<Rule>('rules', { method: 'POST', body: rule }),
    onSettled: () => client.invalidateQueries({ queryKey: rules.queryKey }),
  });
}

export function useDeleteRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<void>(`rules/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: rules.queryKey }),
  });
}

/** What the rule would have captured over past alerts; nothing is stored. */
export function useSimulation() {
  return useMutation({
    mutationFn: ({ rule, days }: { rule: Rule; days: number }) =>
      call<Simulation>('rules/simulate', { method: 'POST', body: { rule, period: `P${days}D` } }),
  });
}
