import { useQuery } from '@tanstack/react-query';
import { keys, useDeleteKey } from '@/api/settings.ts';
import { Banner, Empty, Failure, Loading } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import { Table } from '@/ui/Table.tsx';
import { Time } from '@/ui/Time.tsx';
import { CreateKey } from './CreateKey.tsx';

/** Keys of detection sources and automation. */
export function ApiKeys() {
  const { data, error, isPending, refetch } = useQuery(keys);
  const remove = useDeleteKey();
  return (
    <Section title="API keys" testid="api-keys">
      <CreateKey />
      {remove.error && <Banner tone="bad">{remove.error.message}</Banner>}
      {isPending && <Loading rows={3} />}
      {error && !data && <Failure what="The keys" error={error} retry={() => void refetch()} />}
      {data?.items.length === 0 && (
        <Empty title="No keys yet">A detection source needs one with the scope “alerts”.</Empty>
      )}
      {data && data.items.length > 0 && (
        <Table head={['Name', 'Scopes', 'Created', 'Last used', '']}>
          {data.items.map((key) => (
            <tr key={key.id} data-testid="key-row" data-id={key.id}>
              <td>{key.name}</td>
              <td>{key.scopes.join(', ')}</td>
              <td>{key.createdAt && <Time at={key.createdAt} />}</td>
              <td>{key.lastUsed ? <Time at={key.lastUsed} /> : <span className="dim">never</span>}</td>
              <td>
                <button
                  type="button"
                  onClick={() =>
                    confirm(`Delete the key “${key.name}”? What uses it stops working.`) &&
                    remove.mutate(key.id)
                  }
                  data-testid="key-delete"
                >
                  delete
                </button>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}
