import { Tabs } from '@/ui/Tabs.tsx';

const TABS = [
  { to: '/assets', label: 'Known', testid: 'tab-known', end: true },
  { to: '/assets/clouds', label: 'In clouds and clusters', testid: 'tab-clouds' },
];

/** What is known already, and what clouds and clusters hold besides. */
export function AssetTabs() {
  return <Tabs tabs={TABS} />;
}
