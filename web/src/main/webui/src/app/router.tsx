import { createBrowserRouter, Navigate } from 'react-router';
import { AssetsPage } from '@/features/assets/AssetsPage.tsx';
import { CloudAssetsPage } from '@/features/assets/CloudAssetsPage.tsx';
import { CapturePage } from '@/features/capture/CapturePage.tsx';
import { CustodyPage } from '@/features/custody/CustodyPage.tsx';
import { EvidenceListPage } from '@/features/evidence/EvidenceListPage.tsx';
import { EvidencePage } from '@/features/evidence/EvidencePage.tsx';
import { FilesPage } from '@/features/files/FilesPage.tsx';
import { AlertsTab } from '@/features/incident/AlertsTab.tsx';
import { ForensicsTab } from '@/features/incident/forensics/ForensicsTab.tsx';
import { IncidentPage } from '@/features/incident/IncidentPage.tsx';
import { OverviewTab } from '@/features/incident/OverviewTab.tsx';
import { IncidentsPage } from '@/features/incidents/IncidentsPage.tsx';
import { IntegrationPage } from '@/features/integrations/IntegrationPage.tsx';
import { IntegrationsPage } from '@/features/integrations/IntegrationsPage.tsx';
import { NewIntegrationPage } from '@/features/integrations/NewIntegrationPage.tsx';
import { RulesPage } from '@/features/rules/RulesPage.tsx';
import { SignInPage } from '@/features/session/SignInPage.tsx';
import { SettingsPage } from '@/features/settings/SettingsPage.tsx';
import { TimelinePage } from '@/features/timeline/TimelinePage.tsx';
import { BrokenPage, MissingPage } from './BrokenPage.tsx';
import { Shell } from './Shell.tsx';

export const router = createBrowserRouter([
  { path: '/sign-in', element: <SignInPage /> },
  {
    element: <Shell />,
    errorElement: <BrokenPage />,
    children: [
      { index: true, element: <Navigate to="/incidents" replace /> },
      { path: 'incidents', element: <IncidentsPage /> },
      {
        path: 'incidents/:id',
        element: <IncidentPage />,
        children: [
          { index: true, element: <Navigate to="forensics" replace /> },
          { path: 'overview', element: <OverviewTab /> },
          { path: 'alerts', element: <AlertsTab /> },
          { path: 'forensics', element: <ForensicsTab /> },
        ],
      },
      { path: 'timeline', element: <TimelinePage /> },
      { path: 'evidence', element: <EvidenceListPage /> },
      { path: 'evidence/:id', element: <EvidencePage /> },
      { path: 'evidence/:id/custody', element: <CustodyPage /> },
      { path: 'evidence/:id/files', element: <FilesPage /> },
      { path: 'assets', element: <AssetsPage /> },
      { path: 'assets/clouds', element: <CloudAssetsPage /> },
      { path: 'rules', element: <RulesPage /> },
      { path: 'captures/:id', element: <CapturePage /> },
      { path: 'integrations', element: <IntegrationsPage /> },
      { path: 'integrations/new', element: <NewIntegrationPage /> },
      { path: 'integrations/:id', element: <IntegrationPage /> },
      { path: 'settings', element: <SettingsPage /> },
      { path: '*', element: <MissingPage /> },
    ],
  },
]);
