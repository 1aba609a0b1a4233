import classes from './Severity.module.css';

/** Severity by name, with the number in the tooltip. */
export function Severity({ label, value }: { label: string; value: number }) {
  const name = label.toLowerCase();
  return (
    <span
      className={classes.severity}
      data-level={name}
      title={`Severity ${value} of 100`}
      data-testid="severity"
    >
      {name === 'informational' ? 'info' : name}
    </span>
  );
}
