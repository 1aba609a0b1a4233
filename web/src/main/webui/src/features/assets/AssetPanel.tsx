import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { captures } from '@/api/captures.ts';
import type { Asset } from '@/api/types.ts';
import { lastContainment } from '@/ui/containment.ts';
import { ContainmentTag } from '@/ui/ContainmentTag.tsx';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { captureLink, timelineLink } from '@/ui/links.ts';
import { Empty, Failure } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import { channelName } from '@/ui/sources.ts';
import { CaptureTag } from '@/ui/states.tsx';
import { Table } from '@/ui/Table.tsx';
import { Time } from '@/ui/Time.tsx';
import { words } from '@/ui/words.ts';
import { AgentTag } from './AgentTag.tsx';

/** One asset: its names, its captures, and a capture on demand. */
export function AssetPanel({ asset, onClose }: { asset: Asset; onClose: () => void }) {
  const taken = useQuery(captures(asset.id));
  const [search] = useSearchParams();
  const containment = lastContainment(asset.id, [], taken.data?.items ?? []);
  return (
    <Section
      testid="asset-panel"
      title={<EvidenceText value={asset.name} limit={80} />}
      aside={
        <>
          {containment && <ContainmentTag containment={containment} />}
          <AgentTag agent={asset.agent} />
          <Link to={timelineLink({ asset: asset.id })}>timeline</Link>
          <Button component={Link} to={captureLink(search, { asset: asset.id })} data-testid="capture-now">
            Capture now
          </Button>
          <button type="button" onClick={onClose} aria-label="Close">
            ×
          </button>
        </>
      }
    >
      <Table head={['Kind', 'Name', 'Last seen']}>
        {asset.identifiers.map(({ kind, value, lastSeen }) => (
          <tr key={`${kind} ${value}`}>
            <td className="dim nowrap">{words(kind)}</td>
            <td>
              <EvidenceText value={value} limit={120} mono />
            </td>
            <td>
              <Time at={lastSeen} />
            </td>
          </tr>
        ))}
      </Table>
      {taken.error && !taken.data && (
        <Failure what="The captures" error={taken.error} retry={() => void taken.refetch()} />
      )}
      {taken.data?.items.length === 0 && <Empty title="Never captured" />}
      {taken.data && taken.data.items.length > 0 && (
        <Table head={['Capture', 'State', 'Requested']}>
          {taken.data.items.map((one) => (
            <tr key={one.id}>
              <td>
                <Link to={`/captures/${encodeURIComponent(one.id)}`}>
                  <EvidenceText value={one.profile} limit={60} />
                </Link>{' '}
                <span className="dim">{channelName(one.provider)}</span>
              </td>
              <td>
                <CaptureTag state={one.state} /> <EvidenceText value={one.text} limit={120} />
              </td>
              <td>
                <Time at={one.requestedAt} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}
