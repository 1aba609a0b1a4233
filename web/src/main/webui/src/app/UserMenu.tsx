import { Menu } from '@mantine/core';
import { useSignOut } from '@/api/session.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import classes from './Shell.module.css';

export function UserMenu({ user }: { user: string }) {
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className={classes.tool} data-testid="user-menu">
          <EvidenceText value={user} limit={30} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => signOut.mutate()} data-testid="sign-out">
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
