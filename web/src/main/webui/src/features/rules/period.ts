const ISO = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?$/;

/** Minutes of an ISO 8601 duration as the server writes it, e.g. `PT1H30M`; undefined when it is none. */
export function minutes(period: string): number | undefined {
  const match = ISO.exec(period);
  if (!match) {
    return undefined;
  }
  const [, hours = '0', mins = '0', seconds = '0'] = match;
  return Number(hours) * 60 + Number(mins) + Number(seconds) / 60;
}

export function period(mins: number): string {
  const whole = Math.max(0, Math.round(mins));
  const hours = Math.floor(whole / 60);
  const rest = whole % 60;
  return hours === 0 && rest === 0
    ? 'PT0S'
    : `PT${hours > 0 ? `${hours}H` : ''}${rest > 0 ? `${rest}M` : ''}`;
}

/** `1 h 30 min`. */
export function periodText(text: string): string {
  const total = minutes(text);
  if (total === undefined) {
    return text;
  }
  if (total > 0 && total < 1) {
    return 'less than a minute';
  }
  const hours = Math.floor(total / 60);
  const rest = Math.round(total % 60);
  return [hours > 0 && `${hours} h`, (rest > 0 || hours === 0) && `${rest} min`].filter(Boolean).join(' ');
}
