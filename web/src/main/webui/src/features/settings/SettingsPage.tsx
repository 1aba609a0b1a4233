import { Agents } from './Agents.tsx';
import { ApiKeys } from './ApiKeys.tsx';

export function SettingsPage() {
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
