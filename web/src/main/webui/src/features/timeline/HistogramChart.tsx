import { useComputedColorScheme } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useEffect, useEffectEvent, useRef } from 'react';
import uPlot from 'uplot';
import type { Histogram } from '@/api/types.ts';
import { heights, label, times } from './histogram.ts';

const HEIGHT = 90;
/** A shorter drag is a click. */
const DRAG_PX = 4;

type Props = {
  data: Histogram;
  scale: 'linear' | 'log';
  onHover: (bucket: number | null) => void;
  onZoom: (from: string, to: string) => void;
};

/** Bars on a canvas; time runs in UTC. */
export function HistogramChart({ data, scale, onHover, onZoom }: Props) {
  const holder = useRef<HTMLDivElement>(null);
  const { ref: sized, width } = useElementSize<HTMLDivElement>();
  const ref = useMergedRef(holder, sized);
  const scheme = useComputedColorScheme('dark');
  const hovered = useEffectEvent(onHover);
  const zoomed = useEffectEvent(onZoom);
  useEffect(() => {
    const target = holder.current;
    if (!target || width === 0) {
      return;
    }
    const css = getComputedStyle(document.documentElement);
    const colour = (name: string) => css.getPropertyValue(name).trim();
    const { starts, ends } = times(data);
    const chart = new uPlot(
      {
        width,
        height: HEIGHT,
        padding: [22, 30, 0, 48],
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
        scales: {
          x: { time: false, range: [starts[0] ?? 0, ends.at(-1) ?? 1] },
          y: { range: (_, __, most) => [0, Math.max(most, 1)] },
        },
        axes: [
          {
            stroke: colour('--v-dim'),
            font: '11px system-ui, sans-serif',
            size: 22,
            gap: 2,
            space: 110,
            grid: { show: false },
            ticks: { stroke: colour('--v-line'), size: 3 },
            values: (_, splits, __, ___, step) =>
              splits.map((second, index) => label(second, step, index === 0)),
            incrs: [
              1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10800, 21600, 43200, 86400, 604800, 2592000, 7776000,
              31536000, 157680000,
            ],
          },
          { show: false },
        ],
        series: [
          {},
          {
            fill: colour('--v-link'),
            stroke: 'transparent',
            width: 0,
            paths: uPlot.paths.bars?.({ size: [0.86, 100], align: 1 }),
            points: { show: false },
          },
        ],
        hooks: {
          setCursor: [(u) => hovered(u.cursor.idx ?? null)],
          setSelect: [
            (u) => {
              if (u.select.width >= DRAG_PX) {
                zoomed(
                  iso(u.posToVal(u.select.left, 'x')),
                  iso(u.posToVal(u.select.left + u.select.width, 'x')),
                );
              }
            },
          ],
          ready: [
            (u) => {
              u.over.style.cursor = 'crosshair';
              u.over.addEventListener('click', () => {
                const at = bucketAt(starts, u.posToVal(u.cursor.left ?? 0, 'x'));
                if (u.select.width < DRAG_PX && at >= 0) {
                  zoomed(iso(starts[at] ?? 0), iso(ends[at] ?? 0));
                }
              });
              u.over.addEventListener('mouseleave', () => hovered(null));
            },
          ],
        },
      },
      [starts, heights(data, scale)],
      target,
    );
    return () => chart.destroy();
  }, [data, scale, scheme, width]);
  return <div ref={ref} style={{ height: HEIGHT, overflow: 'hidden' }} />;
}

function bucketAt(starts: number[], second: number): number {
  return starts.findLastIndex((start) => start <= second);
}

function iso(second: number): string {
  return new Date(Math.round(second * 1000)).toISOString();
}
