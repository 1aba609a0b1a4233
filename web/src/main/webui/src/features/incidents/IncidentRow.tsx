import { Link } from 'react-router';
import type { CaptureState, Incident } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { count } from '@/ui/numbers.ts';
import { Severity } from '@/ui/Severity.tsx';
import { Tag, type Tone } from '@/ui/Tag.tsx';
import { Time } from '@/ui/Time.tsx';
import { words } from '@/ui/words.ts';

const STATES: [CaptureState, Tone][] = [
  ['awaiting_approval', 'warn'],
  ['running', 'info'],
  ['queued', 'mute'],
  ['failed', 'bad'],
  ['captured', 'ok'],
  ['cancelled', 'mute'],
  ['rejected', 'mute'],
];

export function IncidentRow({ incident, active }: { incident: Incident; active: boolean }) {
  const captures = STATES.filter(([state]) => (incident.captures[state] ?? 0) > 0);
  return (
    <tr data-testid="incident-row" data-id={incident.id} data-active={active}>
      <td>
        <Severity label={incident.severityLabel} value={incident.severity} />
      </td>
      <td>
        <Link to={`/incidents/${incident.id}/forensics`}>
          <EvidenceText value={incident.title} limit={160} />
        </Link>
      </td>
      <td>
        {incident.assets.length === 0 && <span className="dim">none known</span>}
        {incident.assets.map(({ id, name }, index) => (
          <span key={id}>
            {index > 0 && ', '}
            <EvidenceText value={name} limit={60} />
          </span>
        ))}
      </td>
      <td className="right">{count(incident.alerts)}</td>
      <td className="nowrap">
        {captures.length === 0 && <span className="dim">none</span>}
        {captures.map(([state, tone]) => (
          <span key={state} style={{ marginRight: 10 }}>
            <Tag tone={tone} live={state === 'running'}>
              {incident.captures[state]} {words(state)}
            </Tag>
          </span>
        ))}
      </td>
      <td>
        <Time at={incident.firstSeen} />
      </td>
      <td>
        <Time at={incident.lastSeen} />
      </td>
      <td className="dim">{incident.status}</td>
    </tr>
  );
}
