import { useOutletContext } from 'react-router';
import { sourceName } from '@/ui/sources.ts';
import type { Alert, Corroboration, Forensics, Incident } from '@/api/types.ts';

/** What the incident page hands to its tabs. */
export type IncidentView = {
  incident: Incident;
  alerts: Alert[];
  forensics: Forensics | undefined;
  forensicsError: Error | null;
  reload: () => void;
};

export function useIncidentView(): IncidentView {
  return useOutletContext<IncidentView>();
}

export function corroborationOf(forensics: Forensics | undefined, alert: string): Corroboration | undefined {
  return forensics?.alerts.find((one) => one.alert.id === alert)?.corroboration;
}

/** What the source called it, or what can be said when the source could not be read. */
export function titleOf(alert: Alert): string {
  return (
    alert.normalised?.title ??
    (alert.problem
      ? `Unreadable alert from ${sourceName(alert.source)}`
      : `Alert from ${sourceName(alert.source)}`)
  );
}
