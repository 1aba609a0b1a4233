import { Link, useSearchParams } from 'react-router';
import type { Expiring as Item } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { captureLink } from '@/ui/links.ts';
import { plural } from '@/ui/numbers.ts';
import { Section } from '@/ui/Section.tsx';
import { Table } from '@/ui/Table.tsx';
import { Tag, type Tone } from '@/ui/Tag.tsx';
import { Time } from '@/ui/Time.tsx';
import { ago } from '@/ui/time.ts';
import { useNow } from '@/ui/useNow.ts';

const STATES: Record<Item['state'], [Tone, string]> = {
  open: ['warn', 'not taken'],
  taking: ['info', 'being taken'],
  held: ['ok', 'held while it is taken'],
  taken: ['ok', 'taken'],
  gone: ['bad', 'gone'],
};

/** What of the machines will be lost, the most urgent first, with the clock where there is one. */
export function Expiring({ incident, items }: { incident: string; items: Item[] }) {
  const [search] = useSearchParams();
  const now = useNow(10_000);
  if (items.length === 0) {
    return null;
  }
  const open = items.filter(({ state, profiles }) => state === 'open' && profiles.length > 0).length;
  return (
    <Section
      title="What will be lost"
      aside={open > 0 ? `${plural(open, 'kind')} of evidence not taken` : 'all that can be taken is taken'}
      testid="expiring"
    >
      <Table head={['State', 'Host', 'What', 'How it ends', '']}>
        {items.map((item) => {
          const [tone, words] = standing(item);
          return (
            <tr key={`${item.asset.id} ${item.kind}`} data-testid="expiring-row" data-kind={item.kind}>
              <td className="nowrap">
                <Tag tone={tone} state={item.state}>
                  {words}
                </Tag>
              </td>
              <td>
                <EvidenceText value={item.asset.name} limit={60} />
              </td>
              <td>{item.what}</td>
              <td>
                {item.ends}
                {item.until && (
                  <>
                    : <Time at={item.until} /> <span className="dim">({ago(item.until, now)})</span>
                  </>
                )}
              </td>
              <td className="nowrap">
                <Way item={item} link={captureLink(search, { asset: item.asset.id, incident })} />
              </td>
            </tr>
          );
        })}
      </Table>
    </Section>
  );
}

/** What Varve cannot take is no task of anybody here, and does not look like one. */
function standing({ state, profiles }: Item): [Tone, string] {
  return state === 'open' && profiles.length === 0 ? ['mute', 'not by Varve'] : STATES[state];
}

/** What can be done about it, or what is. */
function Way({ item, link }: { item: Item; link: string }) {
  if (item.capture) {
    return <Link to={`/captures/${encodeURIComponent(item.capture)}`}>the capture</Link>;
  }
  return item.profiles.length > 0 ? <Link to={link}>capture: {item.profiles.join(' or ')}</Link> : null;
}
