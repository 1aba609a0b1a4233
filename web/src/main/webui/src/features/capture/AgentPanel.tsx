import type { Asset } from '@/api/types.ts';
import { Tag } from '@/ui/Tag.tsx';
import { Time } from '@/ui/Time.tsx';
import classes from './CaptureWizard.module.css';

/** The state of Varve's own agent; it needs no look from outside. */
export function AgentPanel({ agent, sole }: { agent: Asset['agent']; sole: boolean }) {
  const online = agent?.online ?? false;
  return (
    <div className={classes.panel} data-testid={sole ? 'preflight' : 'agent-preflight'} data-state="done">
      <div className={classes.state}>
        <span className={classes.legend}>Varve&apos;s agent</span>
        <Tag
          tone={online ? 'ok' : 'warn'}
          testid={sole ? 'preflight-online' : 'agent-online'}
          state={online ? 'online' : 'offline'}
        >
          {online ? 'online' : 'offline: it is captured when the agent returns'}
        </Tag>
        {agent?.lastSeen && (
          <span className="dim">
            last seen <Time at={agent.lastSeen} />
          </span>
        )}
      </div>
      {sole && (
        <ul className={classes.touches} data-testid="preflight-touches">
          <li>The agent reads files and live state and sends them to Varve; nothing is installed.</li>
          <li>What it touched is listed in the evidence.</li>
        </ul>
      )}
    </div>
  );
}
