import { useQuery } from '@tanstack/react-query';
import { useLocalStorage } from '@mantine/hooks';
import { useState } from 'react';
import { histogram, type TimelineSearch } from '@/api/timeline.ts';
import { count } from '@/ui/numbers.ts';
import { utc } from '@/ui/time.ts';
import { HistogramChart } from './HistogramChart.tsx';
import type { Patch } from './patch.ts';
import classes from './TimelinePage.module.css';

type Props = { search: TimelineSearch; growing: boolean; patch: Patch; disabled: boolean };

/** Events over time. Drag or click to zoom in. */
export function HistogramPanel({ search, growing, patch, disabled }: Props) {
  const { data, error } = useQuery({ ...histogram(search, growing), enabled: !disabled });
  const [scale, setScale] = useLocalStorage<'linear' | 'log'>({
    key: 'varve-histogram-scale',
    defaultValue: 'log',
  });
  const [hover, setHover] = useState<number | null>(null);
  const bucket = hover === null ? undefined : data?.buckets[hover];
  return (
    <div className={classes.histogram} data-testid="histogram">
      <div className={classes.histogramInfo}>
        {error && !disabled && <span>The histogram could not be loaded.</span>}
        {bucket ? (
          <span>
            {utc(bucket.at)} · {count(bucket.count)} events
          </span>
        ) : (
          data && data.buckets.length > 0 && <span>drag to zoom</span>
        )}
        {data && data.undated > 0 && <span data-testid="undated">{count(data.undated)} undated</span>}
        <button
          type="button"
          className={classes.plain}
          onClick={() => setScale(scale === 'log' ? 'linear' : 'log')}
          title="Height of the bars"
          data-testid="histogram-scale"
        >
          {scale}
        </button>
      </div>
      {data && data.buckets.length > 0 && (
        <HistogramChart
          data={data}
          scale={scale}
          onHover={setHover}
          onZoom={(from, to) => patch({ from, to })}
        />
      )}
    </div>
  );
}
