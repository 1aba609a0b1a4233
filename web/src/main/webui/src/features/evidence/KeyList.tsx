import { useQuery } from '@tanstack/react-query';
import { evidenceKeys, useRemoveKey } from '@/api/evidence.ts';
import { ConfirmButton } from '@/ui/ConfirmButton.tsx';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Failure } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import { Time } from '@/ui/Time.tsx';
import { AddKey } from './AddKey.tsx';
import classes from './KeyList.module.css';
import { KINDS } from './keys.ts';

/** The keys people gave for the encrypted volumes of this evidence, and a form for another one. */
export function KeyList({ id }: { id: string }) {
  const keys = useQuery(evidenceKeys(id));
  const remove = useRemoveKey(id);
  return (
    <Section
      title="Keys for encrypted volumes"
      aside="sealed for the workers, never shown again"
      testid="evidence-keys"
    >
      {keys.error && <Failure what="The keys" error={keys.error} retry={() => void keys.refetch()} />}
      <ul className={classes.keys}>
        {keys.data?.items.map((key) => (
          <li key={key.id} data-testid="evidence-key">
            <strong>{KINDS[key.kind].label}</strong>
            <span className="dim">
              given by <EvidenceText value={key.addedBy} limit={100} />
            </span>
            <Time at={key.addedAt} precision="second" />
            <ConfirmButton
              label="remove"
              title="Remove this key?"
              busy={remove.isPending}
              testid="remove-key"
              onConfirm={() => remove.mutate(key.id)}
            >
              Later runs will not open what it opens. Events that are in the timeline stay until then.
            </ConfirmButton>
          </li>
        ))}
      </ul>
      <AddKey id={id} />
    </Section>
  );
}
