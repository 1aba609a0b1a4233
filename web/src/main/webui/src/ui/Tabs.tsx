import { NavLink } from 'react-router';
import classes from './Tabs.module.css';

type Tab = {
  /** Address of the tab. */
  to: string;
  label: string;
  testid: string;
  /** Only this very address, not those below it. */
  end?: boolean;
};

/** Parts of one page, each with an address of its own. */
export function Tabs({ tabs }: { tabs: Tab[] }) {
  return (
    <nav className={classes.tabs}>
      {tabs.map(({ to, label, testid, end }) => (
        <NavLink key={to} to={to} end={end} data-testid={testid}>
          {label}
        </NavLink>
      ))}
    </nav>
  );
}
