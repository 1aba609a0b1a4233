import type { Histogram } from '@/api/types.ts';

/** Begin and end of every bar in seconds since 1970. */
export function times({ buckets, to }: Histogram): { starts: number[]; ends: number[] } {
  const starts = buckets.map(({ at }) => Date.parse(at) / 1000);
  const ends = starts.map((_, index) => starts[index + 1] ?? Date.parse(to) / 1000);
  return { starts, ends };
}

/** Heights of the bars; on the log scale one event is still seen beside a million. */
export function heights({ buckets }: Histogram, scale: 'linear' | 'log'): number[] {
  return buckets.map(({ count }) => (scale === 'log' ? Math.log10(1 + count) : count));
}

/** A time under the axis, in UTC and no finer than the step; days are named where they begin. */
export function label(second: number, step: number, first: boolean): string {
  const text = new Date(second * 1000).toISOString();
  if (step >= 31_536_000) {
    return text.slice(0, 4);
  }
  if (step >= 2_592_000) {
    return text.slice(0, 7);
  }
  const time = step < 60 ? text.slice(11, 19) : text.slice(11, 16);
  if (step >= 86_400) {
    return first ? text.slice(0, 10) : text.slice(5, 10);
  }
  return first || time === '00:00' ? `${text.slice(5, 10)} ${time}` : time;
}
