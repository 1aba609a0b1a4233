import { Button } from '@mantine/core';
import { isListing } from '@/api/inventory.ts';
import type { Inventory } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { channelName } from '@/ui/sources.ts';
import { Section } from '@/ui/Section.tsx';
import { Table } from '@/ui/Table.tsx';
import { Tag } from '@/ui/Tag.tsx';
import { Time } from '@/ui/Time.tsx';

type Source = Inventory['sources'][number];
type Props = {
  sources: Source[];
  chosen: string;
  onChoose: (integration: string) => void;
  onList: (integration: string) => void;
};

/** The integrations that were listed: when, and what could not be. */
export function InventorySources({ sources, chosen, onChoose, onList }: Props) {
  return (
    <Section title="Where they are looked for">
      <Table head={['Integration', 'Listed', '', '']} testid="inventory-sources">
        {sources.map((source) => (
          <tr
            key={source.integration}
            data-testid="inventory-source"
            data-active={source.integration === chosen}
          >
            <td className="nowrap">
              <EvidenceText value={source.name} limit={60} />{' '}
              <span className="dim">{channelName(source.vendor)}</span>
            </td>
            <td className="nowrap">
              {isListing(source) ? (
                <Tag tone="info" live>
                  listing
                </Tag>
              ) : source.endedAt ? (
                <Time at={source.endedAt} />
              ) : (
                <span className="dim">never</span>
              )}
            </td>
            <td>
              <Trouble source={source} />
            </td>
            <td className="nowrap">
              <Button
                size="compact-xs"
                variant="subtle"
                onClick={() => onChoose(source.integration === chosen ? '' : source.integration)}
              >
                {source.integration === chosen ? 'Show all' : 'Only this'}
              </Button>{' '}
              <Button
                size="compact-xs"
                variant="subtle"
                disabled={isListing(source)}
                onClick={() => onList(source.integration)}
              >
                List again
              </Button>
            </td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}

/** A place that was not listed is said: what is missing there is not gone. */
function Trouble({ source }: { source: Source }) {
  if (source.problem) {
    return (
      <>
        <Tag tone="bad">not listed</Tag> <EvidenceText value={source.problem} limit={300} />
      </>
    );
  }
  if (source.gaps.length === 0) {
    return null;
  }
  return (
    <details data-testid="inventory-gaps">
      <summary>
        <Tag tone="warn">
          {source.gaps.length === 1 ? '1 place' : `${source.gaps.length} places`} could not be listed
        </Tag>
      </summary>
      <ul>
        {source.gaps.map(({ place, reason }) => (
          <li key={place}>
            <EvidenceText value={place || 'everywhere'} limit={120} mono />:{' '}
            <EvidenceText value={reason} limit={300} />
          </li>
        ))}
      </ul>
    </details>
  );
}
