import { useQuery } from '@tanstack/react-query';
import { signingKeys } from '@/api/custody.ts';
import { CopyText } from '@/ui/CopyText.tsx';
import { Section } from '@/ui/Section.tsx';
import { Time } from '@/ui/Time.tsx';
import classes from './Custody.module.css';

/** How somebody who trusts neither us nor this server checks a package, and the keys to hold it against. */
export function Offline({ id, entries, head }: { id: string; entries: number; head?: string }) {
  const { data } = useQuery(signingKeys);
  const current = data?.items.find(({ retired }) => !retired)?.fingerprint ?? 'FINGERPRINT';
  const command = `./varve verify ${id}.tar --trust ${current}`;
  return (
    <>
      <Section title="Check it without this server" testid="custody-offline">
        <ol className={classes.steps}>
          <li>Make a package and carry it to another machine.</li>
          <li>
            Run this there; it needs no network and no account. docs/verify.md has the same check in 100 lines
            of Python.
            <code className={classes.command} data-testid="verify-command">
              {command}
            </code>
            <CopyText value={command} />
          </li>
          <li>
            It names any part or entry that was altered, removed or moved. The log now has{' '}
            <strong>{entries} entries</strong>
            {head && (
              <>
                {' '}
                and ends with digest <code className={classes.digests}>{head}</code>
              </>
            )}
            .
          </li>
        </ol>
      </Section>
      <Section title="Keys" aside="Ed25519, SHA-256 fingerprints" testid="custody-keys">
        {data?.items.map((key) => (
          <div key={key.fingerprint} className={classes.row} data-testid="signing-key">
            <code>{key.fingerprint}</code> <CopyText value={key.fingerprint} />
            <div className="dim">
              since <Time at={key.since} precision="second" />
              {key.retired ? (
                <>
                  , retired <Time at={key.retired} precision="second" />
                </>
              ) : (
                ', signs now'
              )}
            </div>
          </div>
        ))}
      </Section>
    </>
  );
}
