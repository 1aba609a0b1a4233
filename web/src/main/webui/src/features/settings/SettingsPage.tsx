import { useTitle } from '@/ui/useTitle.ts';
import { Agents } from './Agents.tsx';
import { ApiKeys } from './ApiKeys.tsx';

export function SettingsPage() {
  useTitle('Settings');
  return (
    <div className="page">
      <div className="pageHead">
        <h1>Settings</h1>
      </div>
      <Agents />
      <ApiKeys />
    </div>
  );
}
