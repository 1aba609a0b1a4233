const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** `1.4 GiB`. */
export function bytes(size: number): string {
  let value = size;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** `12,345`. */
export function count(value: number | undefined | null): string {
  return (value ?? 0).toLocaleString('en');
}

/** `1 alert`, `3 alerts`. */
export function plural(value: number, word: string): string {
  return `${count(value)} ${value === 1 ? word : `${word}s`}`;
}
