import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Machine } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Tag } from '@/ui/Tag.tsx';
import { Time } from '@/ui/Time.tsx';
import classes from './AssetsPage.module.css';

const MOST_TAGS = 6;

type Props = { machine: Machine; active: boolean; busy: boolean; onCapture: (id: string) => void };

export function MachineRow({ machine, active, busy, onCapture }: Props) {
  const [prefix, setPrefix] = useState('');
  const bucket = /^(s3|gs|az):/.test(machine.id);
  const tags = Object.entries(machine.tags).sort(([one], [other]) => one.localeCompare(other));
  return (
    <tr data-testid="machine" data-id={machine.id} data-active={active}>
      <td>
        <EvidenceText value={machine.name} limit={80} />
        {machine.name !== machine.id && (
          <div className="dim">
            <EvidenceText value={machine.id} limit={120} mono />
          </div>
        )}
      </td>
      <td className="nowrap">
        <EvidenceText value={machine.kind} limit={40} />
        {machine.platform && <span className="dim"> {machine.platform}</span>}
      </td>
      <td>
        <EvidenceText value={machine.place} limit={120} />
      </td>
      <td>
        {machine.goneAt ? (
          <Tag tone="mute" title="Not there any more when it was listed last">
            gone
          </Tag>
        ) : (
          <EvidenceText value={machine.state} limit={40} />
        )}
        {machine.ephemeral && !machine.goneAt && (
          <div className={classes.ephemeral} data-testid="ephemeral">
            <Tag tone="warn">short-lived</Tag>
            <div className="dim">
              <EvidenceText value={machine.ephemeral} limit={160} />
            </div>
          </div>
        )}
      </td>
      <td className="nowrap">
        {machine.startedAt ? <Time at={machine.startedAt} /> : <span className="dim">–</span>}
      </td>
      <td className={classes.tagCell}>
        {tags.slice(0, MOST_TAGS).map(([name, value]) => (
          <span key={name} className={classes.label}>
            <EvidenceText value={value ? `${name}=${value}` : name} limit={60} />
          </span>
        ))}
        {tags.length > MOST_TAGS && (
          <span className="dim" title={tags.map(([name, value]) => `${name}=${value}`).join('\n')}>
            +{tags.length - MOST_TAGS}
          </span>
        )}
      </td>
      <td className="nowrap">
        {bucket && !machine.goneAt && (
          <TextInput
            size="xs"
            aria-label={`Prefix in ${machine.name}`}
            placeholder="prefix, empty for all"
            maxLength={200}
            value={prefix}
            onChange={(event) => setPrefix(event.currentTarget.value)}
            data-testid="prefix"
          />
        )}
        {!machine.goneAt && (
          <Button
            size="compact-sm"
            variant="default"
            disabled={busy}
            onClick={() => onCapture(prefix ? `${machine.id}/${prefix}` : machine.id)}
            data-testid="capture-machine"
          >
            Capture
          </Button>
        )}
      </td>
    </tr>
  );
}
