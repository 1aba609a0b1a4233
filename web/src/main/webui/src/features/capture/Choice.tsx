import type { ReactNode } from 'react';
import classes from './CaptureWizard.module.css';

export type Option = { value: string; label: string; about: ReactNode };
type Props = {
  legend: string;
  name: string;
  options: Option[];
  value: string;
  onChange: (value: string) => void;
};

/** One of a few, each explained in a line; arrow keys move through them. */
export function Choice({ legend, name, options, value, onChange }: Props) {
  return (
    <fieldset className={classes.fieldset} data-testid={name}>
      <legend className={classes.legend}>{legend}</legend>
      <div className={classes.choices}>
        {options.map((option) => (
          <label key={option.value} className={classes.choice} data-value={option.value}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>
              {option.label}
              <small>{option.about}</small>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
