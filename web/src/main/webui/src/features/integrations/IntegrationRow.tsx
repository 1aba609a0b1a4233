import { Link } from 'react-router';
import type { Integration } from '@/api/types.ts';
import { CheckSummary } from '@/ui/CheckTable.tsx';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { count } from '@/ui/numbers.ts';
import { Tag } from '@/ui/Tag.tsx';
import { Time } from '@/ui/Time.tsx';
import { usesText } from './Uses.tsx';

export function IntegrationRow({ integration, active }: { integration: Integration; active: boolean }) {
  return (
    <tr
      data-testid="integration-row"
      data-id={integration.id}
      data-vendor={integration.vendor}
      data-active={active}
    >
      <td className="nowrap">{integration.label}</td>
      <td>
        <Link to={`/integrations/${encodeURIComponent(integration.id)}`}>
          <EvidenceText value={integration.name} limit={80} />
        </Link>
      </td>
      <td>
        <IntegrationTag integration={integration} />
      </td>
      <td>{usesText(integration.uses, Boolean(integration.inbound))}</td>
      <td>
        {integration.contactAt ? <Time at={integration.contactAt} /> : <span className="dim">never</span>}
      </td>
      <td className="right">{count(integration.alerts)}</td>
      <td className="nowrap">
        {integration.checks.length > 0 ? (
          <CheckSummary checks={integration.checks} />
        ) : (
          <span className="dim">not looked at yet</span>
        )}
      </td>
      <td style={{ maxWidth: 420 }}>
        {integration.problem && <EvidenceText value={integration.problem} limit={160} />}
      </td>
    </tr>
  );
}

/** Off, in trouble, or working; trouble is over when the vendor answered later. */
export function IntegrationTag({ integration }: { integration: Integration }) {
  if (!integration.enabled) {
    return (
      <Tag tone="mute" testid="integration-state" state="off">
        off
      </Tag>
    );
  }
  const problem = Boolean(integration.problem);
  return (
    <Tag tone={problem ? 'bad' : 'ok'} testid="integration-state" state={problem ? 'problem' : 'on'}>
      {problem ? 'problem' : 'on'}
    </Tag>
  );
}
