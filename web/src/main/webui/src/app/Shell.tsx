import { useQuery } from '@tanstack/react-query';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { Navigate, NavLink, Outlet, useLocation, useNavigate } from 'react-router';
import { session } from '@/api/session.ts';
import { CaptureWizard } from '@/features/capture/CaptureWizard.tsx';
import { Failure, Loading } from '@/ui/Notice.tsx';
import { Help } from './Help.tsx';
import { SchemeToggle } from './SchemeToggle.tsx';
import { UserMenu } from './UserMenu.tsx';
import { UtcClock } from './UtcClock.tsx';
import classes from './Shell.module.css';

const PAGES = ['incidents', 'timeline', 'evidence', 'assets', 'rules', 'integrations', 'settings'];

/** The frame around every page; asks who is signed in first. */
export function Shell() {
  const { data: user, isPending, error, refetch } = useQuery(session);
  const here = useLocation();
  const navigate = useNavigate();
  const [help, { open, close }] = useDisclosure(false);
  useHotkeys([
    ['shift+?', open],
    ['?', open],
    ['/', () => focusSearch(() => void navigate('/timeline', { state: { search: true } }))],
  ]);
  if (isPending) {
    return <Loading rows={1} height={28} />;
  }
  if (user === undefined) {
    return <Failure what="Varve" error={error} retry={() => void refetch()} />;
  }
  if (user === null) {
    return <Navigate to={`/sign-in?to=${encodeURIComponent(here.pathname + here.search)}`} replace />;
  }
  return (
    <div className={classes.shell}>
      <header className={classes.header}>
        <NavLink to="/incidents" className={classes.brand}>
          <img src="/favicon.svg" alt="" width={20} height={20} /> Varve
        </NavLink>
        <nav className={classes.nav}>
          {PAGES.map((page) => (
            <NavLink key={page} to={`/${page}`} data-testid={`nav-${page}`}>
              {page[0]?.toUpperCase() + page.slice(1)}
            </NavLink>
          ))}
        </nav>
        <div className={classes.tools}>
          <UtcClock />
          <SchemeToggle />
          <button
            type="button"
            className={classes.tool}
            onClick={open}
            title="Keyboard and words (?)"
            data-testid="help-open"
          >
            ?
          </button>
          <UserMenu user={user.user} />
        </div>
      </header>
      <main className={classes.main}>
        <Outlet />
      </main>
      <CaptureWizard />
      {help && <Help onClose={close} />}
    </div>
  );
}

/** The page's own search box, or the timeline's. */
function focusSearch(elsewhere: () => void) {
  const box = document.querySelector<HTMLInputElement>('[data-search]');
  if (box) {
    box.focus();
    box.select();
    return;
  }
  elsewhere();
}
