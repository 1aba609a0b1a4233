import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Outcome, Simulation } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Banner, Empty } from '@/ui/Notice.tsx';
import { bytes, count, plural } from '@/ui/numbers.ts';
import { outcomeText, outcomeTone } from '@/ui/outcomes.ts';
import { Facts } from '@/ui/Section.tsx';
import { channelName } from '@/ui/sources.ts';
import { Table } from '@/ui/Table.tsx';
import { Tag } from '@/ui/Tag.tsx';
import { Time } from '@/ui/Time.tsx';
import { periodText } from './period.ts';

/** Captures, hosts and size first, then what was left out and why, then examples. */
export function SimulationResult({ result }: { result: Simulation }) {
  return (
    <>
      {!result.complete && (
        <Banner tone="warn">
          Not all alerts were looked at, only those up to <Time at={result.until} />.
        </Banner>
      )}
      <Facts facts={factsOf(result)} />
      {result.decisions.length === 0 ? (
        <Empty title="No alert of this period matches the rule">
          {plural(result.alerts, 'alert')} looked at.
        </Empty>
      ) : (
        <Table head={['Alert came', 'Host', 'Would be', 'Reason']} testid="simulation-decisions">
          {result.decisions.map((decision, index) => (
            <tr key={index} data-testid="simulation-row" data-outcome={decision.outcome}>
              <td>
                <Time at={decision.at} />
              </td>
              <td>
                {decision.asset ? (
                  <Link to={`/assets?asset=${encodeURIComponent(decision.asset.id)}`}>
                    <EvidenceText value={decision.asset.name} limit={80} />
                  </Link>
                ) : (
                  <span className="dim">none known</span>
                )}
              </td>
              <td className="nowrap">
                <Tag tone={outcomeTone(decision.outcome)} state={decision.outcome}>
                  {outcomeText(decision.outcome)}
                </Tag>
              </td>
              <td>
                <EvidenceText value={decision.reason} limit={300} />
                {decision.provider && <span className="dim"> by {channelName(decision.provider)}</span>}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </>
  );
}

function factsOf(result: Simulation): [string, ReactNode][] {
  const ways = Object.entries(result.byProvider).map(
    ([provider, share]) => `${count(share.captures)} by ${channelName(provider)} (${bytes(share.bytes)})`,
  );
  const skipped = Object.entries(result.skipped).filter(([, number]) => number > 0);
  const guessed = result.estimates
    .filter(({ from }) => from === 0)
    .map(({ provider }) => channelName(provider));
  return [
    [
      'Would capture',
      <strong key="captures" data-testid="simulation-captures">
        {plural(result.captures, 'capture')} of {plural(result.hosts, 'host')}, about {bytes(result.bytes)},{' '}
        {periodText(result.time)} one after the other
      </strong>,
    ],
    ['Channels', ways.join(' · ') || '–'],
    ['Alerts', `${count(result.matched)} of ${count(result.alerts)} match`],
    ...(result.approvals > 0
      ? ([['Approvals', `${plural(result.approvals, 'capture')} would have waited for a person`]] as [
          string,
          ReactNode,
        ][])
      : []),
    [
      'Not captured',
      skipped.length === 0
        ? 'nothing was left out'
        : skipped
            .map(([outcome, number]) => `${count(number)} ${outcomeText(outcome as Outcome)}`)
            .join(' · '),
    ],
    [
      'Sizes from',
      guessed.length > 0
        ? `usual values for ${guessed.join(', ')}: no capture like it was taken yet`
        : 'past captures of the same kind',
    ],
  ];
}
