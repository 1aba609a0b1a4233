import type { FieldValue, TimelineEvent } from '@/api/types.ts';

/** Name and value of everything a search can ask for: the event's own parts first, then its fields by name, lists item by item. */
export function fieldsOf(event: TimelineEvent): [string, FieldValue][] {
  const own: [string, FieldValue | null | undefined][] = [
    ['host', event.host],
    ['user', event.user],
    ['data_type', event.data_type],
    ['parser', event.parser],
    ['timestamp_desc', event.timestamp_desc],
    ['precision', event.precision],
    ['zone_source', event.zone_source],
  ];
  const fields = Object.entries(event.fields).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...own.filter(
      (pair): pair is [string, FieldValue] => pair[1] !== undefined && pair[1] !== null && pair[1] !== '',
    ),
    ...fields.flatMap(([name, value]) => spread(name, value)),
    ['record', event.record],
    ['id', event.id],
  ];
}

function spread(name: string, value: FieldValue): [string, FieldValue][] {
  if (!Array.isArray(value) || value.length === 0) {
    return [[name, value]];
  }
  return value.map((item): [string, FieldValue] => [name, item]);
}
