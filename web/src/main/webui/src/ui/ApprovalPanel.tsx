import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Capture } from '../api/types.ts';
import { EvidenceText } from './EvidenceText.tsx';
import { Banner } from './Notice.tsx';
import { Time } from './Time.tsx';

type Props = {
  capture: Capture;
  busy: boolean;
  error: Error | null;
  onAnswer: (answer: 'approve' | 'reject', reason: string) => void;
};

/** Asks for a yes or no while a capture waits for one, and says who gave it afterwards. */
export function ApprovalPanel({ capture, busy, error, onAnswer }: Props) {
  const [reason, setReason] = useState('');
  const { approval } = capture;
  if (!approval) {
    return null;
  }
  if (capture.state !== 'awaiting_approval') {
    return approval.by ? (
      <div className="dim" data-testid="capture-verdict">
        {approval.approved ? 'approved' : 'rejected'} by <EvidenceText value={approval.by} limit={80} />{' '}
        <Time at={approval.at} />: <EvidenceText value={approval.reason ?? ''} limit={200} />
      </div>
    ) : null;
  }
  const given = reason.trim();
  return (
    <div data-testid="capture-approval">
      <Group gap="xs" wrap="wrap">
        <TextInput
          aria-label="Reason of the answer"
          placeholder="reason, kept in custody"
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          w={300}
          data-testid="capture-reason"
        />
        <Button
          disabled={!given || busy}
          onClick={() => onAnswer('approve', given)}
          data-testid="capture-approve"
        >
          Approve
        </Button>
        <Button
          variant="default"
          disabled={!given || busy}
          onClick={() => onAnswer('reject', given)}
          data-testid="capture-reject"
        >
          Reject
        </Button>
        <span className="dim">
          rejected by itself <Time at={approval.before} />
        </span>
      </Group>
      {error && <Banner tone="bad">{error.message}</Banner>}
    </div>
  );
}
