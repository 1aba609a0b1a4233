import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { assets } from '@/api/assets.ts';
import { incident } from '@/api/incidents.ts';
import { visible } from '@/ui/text.ts';

type Props = { about: string | null; value: string | null; onChange: (asset: string | null) => void };

/** The hosts of the incident, or all that are known. */
export function HostChoice({ about, value, onChange }: Props) {
  const all = useQuery(assets);
  const ofIncident = useQuery({ ...incident(about ?? ''), enabled: about !== null });
  const named = about ? (ofIncident.data?.assets ?? []) : [];
  const rest = (all.data?.items ?? []).filter(({ id }) => !named.some((one) => one.id === id));
  const item = ({ id, name }: { id: string; name: string }) => ({ value: id, label: visible(name) });
  return (
    <Select
      label="Host"
      placeholder="which host"
      data={
        named.length > 0
          ? [
              { group: 'In this incident', items: named.map(item) },
              { group: 'Other hosts', items: rest.map(item) },
            ]
          : rest.map(item)
      }
      value={value}
      onChange={onChange}
      searchable
      limit={50}
      allowDeselect={false}
      error={all.error && !all.data ? all.error.message : undefined}
      data-testid="wizard-host"
    />
  );
}
