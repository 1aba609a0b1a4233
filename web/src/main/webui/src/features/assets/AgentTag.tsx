import type { Asset } from '@/api/types.ts';
import { Tag } from '@/ui/Tag.tsx';
import { utc } from '@/ui/time.ts';

export function AgentTag({ agent }: { agent: Asset['agent'] }) {
  if (!agent) {
    return <span className="dim">no agent</span>;
  }
  return (
    <Tag
      tone={agent.online ? 'ok' : 'mute'}
      testid="agent-state"
      state={agent.online ? 'online' : 'offline'}
      title={agent.lastSeen ? `Last seen ${utc(agent.lastSeen)}` : undefined}
    >
      {agent.online ? 'online' : 'offline'}
    </Tag>
  );
}
