import { useQuery } from '@tanstack/react-query';
import { agents } from '@/api/settings.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Empty, Failure, Loading } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import { Table } from '@/ui/Table.tsx';
import { Tag } from '@/ui/Tag.tsx';
import { Time } from '@/ui/Time.tsx';
import { Enrol } from './Enrol.tsx';

/** Machines that can be captured, and how to add one. */
export function Agents() {
  const { data, error, isPending, refetch } = useQuery(agents);
  return (
    <Section title="Agents" testid="agents">
      <Enrol />
      {isPending && <Loading rows={3} />}
      {error && !data && <Failure what="The agents" error={error} retry={() => void refetch()} />}
      {data?.items.length === 0 && (
        <Empty title="No agents yet">Create an enrolment and run its command on the machine.</Empty>
      )}
      {data && data.items.length > 0 && (
        <Table head={['Host', 'State', 'System', 'Version', 'Enrolled', 'Last seen']}>
          {data.items.map((agent) => (
            <tr key={agent.id} data-testid="agent-row" data-id={agent.id}>
              <td>
                <EvidenceText value={agent.host} limit={80} />
              </td>
              <td>
                <Tag
                  tone={agent.online ? 'ok' : 'mute'}
                  testid="agent-state"
                  state={agent.online ? 'online' : 'offline'}
                >
                  {agent.online ? 'online' : 'offline'}
                </Tag>
              </td>
              <td>
                <EvidenceText value={agent.os} limit={80} />
              </td>
              <td>
                <EvidenceText value={agent.version} limit={40} />
              </td>
              <td>
                <Time at={agent.enrolledAt} />
              </td>
              <td>{agent.lastSeen ? <Time at={agent.lastSeen} /> : <span className="dim">never</span>}</td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}
