import { useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';
import classes from './Shell.module.css';

const NEXT = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const ICON = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon };
const NAME = { auto: 'as the system', light: 'light', dark: 'dark' };

/** System, light, dark; remembered in this browser. */
export function SchemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = ICON[colorScheme];
  return (
    <button
      type="button"
      className={classes.tool}
      onClick={() => setColorScheme(NEXT[colorScheme])}
      title={`Colours: ${NAME[colorScheme]}. Click for ${NAME[NEXT[colorScheme]]}.`}
      aria-label={`Colours: ${NAME[colorScheme]}`}
      data-testid="scheme-toggle"
    >
      <Icon size={14} />
    </button>
  );
}
