import { NavLink } from 'react-router';
import classes from './AssetsPage.module.css';

/** What is known already, and what clouds and clusters hold besides. */
export function AssetTabs() {
  return (
    <nav className={classes.tabs}>
      <NavLink to="/assets" end data-testid="tab-known">
        Known
      </NavLink>
      <NavLink to="/assets/clouds" data-testid="tab-clouds">
        In clouds and clusters
      </NavLink>
    </nav>
  );
}
