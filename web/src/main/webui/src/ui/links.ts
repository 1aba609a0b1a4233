type TimelineTarget = {
  q?: string | null;
  from?: string | null;
  to?: string | null;
  incident?: string | null;
  asset?: string | null;
  evidence?: string | null;
  event?: string | null;
  sort?: 'asc' | 'desc' | null;
};

/** The timeline with this search, as a link that can be kept and sent. */
export function timelineLink(target: TimelineTarget): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(target)) {
    if (value) {
      search.set(name, value);
    }
  }
  const text = search.toString();
  return text ? `/timeline?${text}` : '/timeline';
}

/** One event with the minutes around it, so that the row is in sight and not only the drawer. */
export function eventLink(event: { id: string; timestamp: string | null }, incident?: string): string {
  return timelineLink({ ...around(event.timestamp, 5 * 60_000), incident, event: event.id, sort: 'asc' });
}

/** `from` and `to` this long before and after. */
export function around(timestamp: string | null, milliseconds: number): { from?: string; to?: string } {
  const at = timestamp ? Date.parse(timestamp) : NaN;
  if (Number.isNaN(at)) {
    return {};
  }
  return { from: new Date(at - milliseconds).toISOString(), to: new Date(at + milliseconds).toISOString() };
}

/** The page in view with the capture wizard over it; asset and incident fill it in. */
export function captureLink(search: URLSearchParams, about: { asset?: string; incident?: string }): string {
  const next = new URLSearchParams(search);
  next.set('capture', about.asset ?? 'host');
  if (about.incident) {
    next.set('capture-incident', about.incident);
  }
  return `?${next}`;
}

/** The same page without the wizard. */
export function withoutCapture(search: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams(search);
  next.delete('capture');
  next.delete('capture-incident');
  return next;
}

/** Who touched an evidence item, and how to check that nobody altered it. */
export function custodyLink(evidence: string): string {
  return `/evidence/${encodeURIComponent(evidence)}/custody`;
}

/** The file explorer of an evidence item; with a path, at that file and byte. */
export function filesLink(
  evidence: string,
  file?: { volume?: string | null; path: string; stream?: string | null; offset?: number | null },
): string {
  const page = `/evidence/${encodeURIComponent(evidence)}/files`;
  if (!file) {
    return page;
  }
  const search = new URLSearchParams();
  if (file.volume) {
    search.set('volume', file.volume);
  }
  const folder = file.path.slice(0, file.path.lastIndexOf('/'));
  if (folder && !file.path.includes('!/')) {
    search.set('path', folder);
  }
  search.set(
    'file',
    file.stream && !file.path.endsWith(`:${file.stream}`) ? `${file.path}:${file.stream}` : file.path,
  );
  if (file.offset) {
    search.set('offset', String(file.offset));
  }
  return `${page}?${search}`;
}
