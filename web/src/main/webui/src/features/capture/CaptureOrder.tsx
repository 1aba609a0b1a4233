import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { asset } from '@/api/assets.ts';
import { preflight, profiles, useCapture } from '@/api/captures.ts';
import { Banner, Empty, Failure, Loading } from '@/ui/Notice.tsx';
import { AgentPanel } from './AgentPanel.tsx';
import classes from './CaptureWizard.module.css';
import { captured, channelsOf, lookedThrough } from './channels.ts';
import { Choice } from './Choice.tsx';
import { HostChoice } from './HostChoice.tsx';
import { PreflightPanel } from './PreflightPanel.tsx';
import { ProfileChoice } from './ProfileChoice.tsx';
import { offered } from '@/ui/profileWords.ts';

type Props = {
  asset: string | null;
  incident: string | null;
  onDone: (capture: string) => void;
  onClose: () => void;
};

/** Host, channel, what is known before it starts, what is collected, and why: then a clear yes. */
export function CaptureOrder({ asset: first, incident, onDone, onClose }: Props) {
  const [host, setHost] = useState(first);
  const [chosen, setChosen] = useState('');
  const [wanted, setProfile] = useState('triage');
  const [reason, setReason] = useState('');
  const known = useQuery({ ...asset(host ?? ''), enabled: host !== null });
  const collected = useQuery(profiles);
  const order = useCapture();

  const channels = known.data ? channelsOf(known.data) : [];
  const channel = channels.find(({ name }) => name === chosen)?.name ?? channels[0]?.name ?? '';
  const kinds = offered(collected.data?.items ?? [], channel, known.data ? captured(known.data) : 'machine');
  const profile = kinds.find(({ name }) => name === wanted)?.name ?? kinds[0]?.name ?? '';
  const vendor = lookedThrough(channels, channel);
  const look = useQuery({
    ...preflight(host ?? '', vendor ?? '', profile),
    enabled: host !== null && vendor !== undefined && profile !== '',
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    order.mutate(
      {
        asset: host ?? '',
        provider: channel,
        profile,
        incident: incident ?? undefined,
        reason: reason.trim(),
      },
      { onSuccess: ({ id }) => onDone(id) },
    );
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <HostChoice about={incident} value={host} onChange={setHost} />
      {host && known.isPending && <Loading rows={4} />}
      {known.error && !known.data && (
        <Failure what="The host" error={known.error} retry={() => void known.refetch()} />
      )}
      {known.data && channels.length === 0 && (
        <Empty title="No way to this host" testid="wizard-unreachable">
          No agent is enrolled on it and no alert named a sensor of CrowdStrike, Defender or SentinelOne.
          Enrol an agent under Settings, or connect the vendor under Integrations.
        </Empty>
      )}
      {channels.length > 0 && (
        <>
          <Choice
            legend="Channel"
            name="wizard-channel"
            options={channels.map(({ name, label, state }) => ({ value: name, label, about: state }))}
            value={channel}
            onChange={setChosen}
          />
          {channel !== vendor && known.data?.agent && (
            <AgentPanel agent={known.data.agent} sole={vendor === undefined} />
          )}
          {vendor && <PreflightPanel provider={vendor} look={look} />}
          <ProfileChoice profiles={kinds} channel={channel} value={profile} onChange={setProfile} />
        </>
      )}
      <div className={classes.end}>
        <TextInput
          label="Reason"
          description="Kept with the capture, in custody and in the audit log, under your name."
          required
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-testid="wizard-reason"
          data-autofocus
        />
        {order.error && <Banner tone="bad">{order.error.message}</Banner>}
        <div className={classes.foot}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            disabled={!channel || !profile || !reason.trim()}
            loading={order.isPending}
            data-testid="wizard-confirm"
          >
            Capture
          </Button>
        </div>
      </div>
    </form>
  );
}
