import type { UseQueryResult } from '@tanstack/react-query';
import type { Preflight, PreflightResult } from '@/api/types.ts';
import { CheckTable } from '@/ui/CheckTable.tsx';
import { ContainmentTag } from '@/ui/ContainmentTag.tsx';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Banner, Loading } from '@/ui/Notice.tsx';
import { channelName } from '@/ui/sources.ts';
import { Tag } from '@/ui/Tag.tsx';
import classes from './CaptureWizard.module.css';

type Props = { provider: string; look: UseQueryResult<Preflight> };

/** What a look through the vendor found, before anything is done on the host. */
export function PreflightPanel({ provider, look }: Props) {
  const { data, error } = look;
  const problem = error?.message ?? data?.problem;
  return (
    <div className={classes.panel} data-testid="preflight" data-state={stateOf(look)}>
      <div className={classes.state}>
        <span className={classes.legend}>Before it starts, seen by {channelName(provider)}</span>
        {data?.endedAt || error ? (
          <button type="button" onClick={() => void look.refetch()}>
            look again
          </button>
        ) : (
          <span className="dim">a worker is looking; nothing is done on the host</span>
        )}
      </div>
      {!problem && !data?.result && <Loading rows={3} />}
      {problem && (
        <Banner tone="bad" testid="preflight-problem">
          <EvidenceText value={problem} limit={600} />
        </Banner>
      )}
      {data?.result && <Found result={data.result} />}
    </div>
  );
}

function stateOf({ data, error }: UseQueryResult<Preflight>): string {
  if (error || data?.problem) {
    return 'problem';
  }
  return data?.result ? 'done' : 'looking';
}

function Found({ result }: { result: PreflightResult }) {
  // A provider that takes no look answers with nothing.
  const { containment = 'unknown', others = [], touches = [], checks = [] } = result;
  const cutOff = containment === 'contained' || containment === 'pending';
  return (
    <>
      <div className={classes.state}>
        <strong>{result.host ? <EvidenceText value={result.host} limit={80} /> : 'host not found'}</strong>
        {result.platform && <EvidenceText value={result.platform} limit={40} />}
        <Online online={result.online} />
        <ContainmentTag containment={containment} testid="preflight-containment" />
      </div>
      {cutOff && (
        <Banner tone="info">
          The host is cut off from the network. The capture goes through the vendor; containment will not be
          touched.
        </Banner>
      )}
      {others.length > 0 && (
        <Banner tone="warn" testid="preflight-others">
          Others answer to the same name and are left alone:{' '}
          <EvidenceText value={others.join('; ')} limit={400} />
        </Banner>
      )}
      {checks.length > 0 && <CheckTable checks={checks} />}
      {touches.length > 0 && (
        <>
          <div className={classes.state}>
            <span className={classes.legend}>What will touch the host</span>
          </div>
          <ul className={classes.touches} data-testid="preflight-touches">
            {touches.map((touch, index) => (
              <li key={index}>
                <EvidenceText value={touch} limit={300} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Online({ online }: { online?: boolean | null }) {
  if (online === null || online === undefined) {
    return (
      <Tag tone="mute" testid="preflight-online" state="unknown">
        online or not is not known
      </Tag>
    );
  }
  return (
    <Tag tone={online ? 'ok' : 'warn'} testid="preflight-online" state={online ? 'online' : 'offline'}>
      {online ? 'online' : 'offline: it is captured when it returns'}
    </Tag>
  );
}
