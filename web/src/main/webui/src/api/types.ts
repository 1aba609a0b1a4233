/** The shapes of docs/rest.md. Everything a source or evidence wrote is hostile text: show it with `ui/Text`. */
export type Items<T> = { items: T[] };
export type Session = { user: string; admin: boolean };
export type Named = { id: string; name: string };

export type NormalisedAlert = {
  sourceAlertId: string;
  sourceGroupId?: string | null;
  sourceUrl?: string | null;
  revision: string;
  title: string;
  description: string;
  category: string;
  severity: number;
  severityLabel: string;
  status?: 'new' | 'in_progress' | 'closed' | 'unknown' | null;
  firstSeen: string;
  lastSeen: string;
  hosts: AlertHost[];
  users: { name: string; domain?: string | null }[];
  processes: AlertProcess[];
  files: { path?: string | null; name?: string | null; hashes: Record<string, string> }[];
  network: AlertNetwork[];
  attack: { tactic?: string | null; technique?: string | null }[];
};
export type AlertHost = {
  hostname?: string | null;
  fqdn?: string | null;
  agentId?: string | null;
  agentType?: string | null;
  instanceId?: string | null;
  ips: string[];
  macs: string[];
  os?: string | null;
  containment?: Containment | null;
  cloud?: AlertCloud | null;
};
/** Whether its vendor has cut a host off from the network; read by Varve, never changed. */
export type Containment = 'normal' | 'pending' | 'contained' | 'unknown';
export type AlertCloud = {
  provider?: string | null;
  account?: string | null;
  region?: string | null;
  resourceId?: string | null;
};
export type AlertProcess = {
  image?: string | null;
  commandLine?: string | null;
  pid?: number | null;
  startedAt?: string | null;
  hashes: Record<string, string>;
  user?: string | null;
  parent?: AlertProcess | null;
};
export type AlertNetwork = {
  sourceIp?: string | null;
  sourcePort?: number | null;
  destinationIp?: string | null;
  destinationPort?: number | null;
  domain?: string | null;
  url?: string | null;
};

export type Alert = {
  id: string;
  source: string;
  receivedAt: string;
  state: 'received' | 'normalised' | 'repeat' | 'rejected';
  problem?: string | null;
  asset?: string | null;
  incident?: string | null;
  normalised?: NormalisedAlert | null;
};

export type CaptureState =
  'awaiting_approval' | 'queued' | 'running' | 'captured' | 'failed' | 'cancelled' | 'rejected';
export type Incident = {
  id: string;
  title: string;
  severity: number;
  severityLabel: string;
  status: 'open' | 'closed';
  openedAt: string;
  firstSeen: string;
  lastSeen: string;
  alerts: number;
  assets: Named[];
  captures: Partial<Record<CaptureState, number>>;
};

export type Identifier = { kind: string; value: string; firstSeen: string; lastSeen: string };
export type Asset = {
  id: string;
  name: string;
  createdAt: string;
  mergedInto?: string | null;
  identifiers: Identifier[];
  agent?: { id: string; online: boolean; lastSeen?: string | null } | null;
};

/** A machine or pod that an integration listed. */
export type Machine = {
  integration: string;
  id: string;
  name: string;
  hostName?: string | null;
  kind: string;
  place: string;
  platform?: string | null;
  state: string;
  startedAt?: string | null;
  tags: Record<string, string>;
  ephemeral?: string | null;
  lastSeen: string;
  goneAt?: string | null;
};

export type Inventory = {
  sources: {
    integration: string;
    name: string;
    vendor: string;
    requestedAt?: string | null;
    endedAt?: string | null;
    problem?: string | null;
    gaps: { place: string; reason: string }[];
  }[];
  items: Machine[];
  total: number;
};

export type Capture = {
  id: string;
  evidence: string;
  asset: Named;
  provider: string;
  profile: string;
  incident?: string | null;
  alert?: string | null;
  rule?: string | null;
  requestedBy: string;
  requestedAt: string;
  startedAt?: string | null;
  endedAt?: string | null;
  state: CaptureState;
  done: number;
  total: number;
  text: string;
  steps: Record<string, string>;
  cancelRequested?: boolean;
  fallbackOf?: string | null;
  next?: string[];
  approval?: Approval | null;
};
export type Approval = {
  before: string;
  approved?: boolean | null;
  by?: string | null;
  at?: string | null;
  reason?: string | null;
};
export type CaptureRequest = {
  asset: string;
  provider?: string;
  profile: string;
  incident?: string;
  reason?: string;
};

/** One thing that was looked at before anything is done: a right, a reachable host, a limit. */
export type CheckResult = 'ok' | 'missing' | 'too_broad' | 'unknown' | 'failed';
export type Check = { name: string; needed: string; result: CheckResult; detail: string; mend: string };
export type Preflight = {
  id: string;
  asset: Named;
  provider: string;
  profile: string;
  requestedAt: string;
  endedAt?: string | null;
  problem?: string | null;
  result?: PreflightResult | null;
};
export type PreflightResult = {
  host?: string | null;
  platform?: string | null;
  online?: boolean | null;
  containment?: Containment;
  others?: string[];
  touches?: string[];
  checks?: Check[];
};

export type Use = 'capture' | 'alerts' | 'comment';
export type VendorField = {
  name: string;
  label: string;
  form: 'text' | 'address' | 'number' | 'switch' | 'secret' | 'long_text';
  need: 'required' | 'optional' | 'advanced';
  standard: string;
  help: string;
};
export type Vendor = {
  name: string;
  label: string;
  uses: Use[];
  sources: string[];
  comments: string[];
  fields: VendorField[];
  guide: string;
};
export type InboundKind = 'header' | 'basic' | 'hmac' | 'oidc';
export type Integration = {
  id: string;
  vendor: string;
  label: string;
  name: string;
  enabled: boolean;
  uses: Use[];
  settings: Record<string, string>;
  secrets: string[];
  inbound?: {
    kind: InboundKind;
    source: string;
    settings: Record<string, string>;
    address: string;
  } | null;
  createdBy: string;
  createdAt: string;
  contactAt?: string | null;
  problem?: string | null;
  problemAt?: string | null;
  alerts: number;
  alertAt?: string | null;
  checkedAt?: string | null;
  checks: Check[];
};
/** What is sent to add or change one: a secret that is absent stays, one that is empty is removed. */
export type IntegrationForm = {
  vendor: string;
  name: string;
  enabled: boolean;
  uses: Use[];
  settings: Record<string, string>;
  secrets: Record<string, string>;
  inbound?: { kind: InboundKind; source: string; settings: Record<string, string>; secret?: string };
};

export type Decision = {
  alert: string;
  rule?: string | null;
  ruleName?: string | null;
  outcome: Outcome;
  reason: string;
  at: string;
  capture?: string | null;
  about?: string | null;
};
export type Outcome =
  | 'capture_requested'
  | 'awaiting_approval'
  | 'approved'
  | 'rejected'
  | 'fallback'
  | 'no_rule_matched'
  | 'no_asset'
  | 'unreachable'
  | 'already_captured'
  | 'budget_spent'
  | 'asset_budget_spent'
  | 'organisation_budget_spent';

export type Rule = {
  id: string;
  name: string;
  enabled: boolean;
  position: number;
  sources: string[];
  minimumSeverity: number;
  techniques: string[];
  assetPattern: string;
  /** In the order they are tried; `['auto']` is the automatic order. */
  providers: string[];
  profile: string;
  dedupeWindow: string;
  dailyBudget: number;
  patience: string;
  approval: 'none' | 'required';
};
export type Simulation = {
  from: string;
  to: string;
  alerts: number;
  matched: number;
  captures: number;
  hosts: number;
  bytes: number;
  time: string;
  byProvider: Record<string, { captures: number; bytes: number; time: string }>;
  estimates: { provider: string; profile: string; bytes: number; time: string; from: number }[];
  approvals: number;
  skipped: Partial<Record<Outcome, number>>;
  decisions: {
    alert: string;
    at: string;
    asset?: Named | null;
    outcome: Outcome;
    reason: string;
    provider?: string | null;
  }[];
  complete: boolean;
  until: string;
};

export type Processing = {
  state: 'waiting' | 'running' | 'done' | 'failed';
  run?: string | null;
  events: number;
  text?: string | null;
  done: number;
  total: number;
  startedAt?: string | null;
  endedAt?: string | null;
};
export type Evidence = {
  id: string;
  key: string;
  asset: Named;
  provider: string;
  profile: string;
  state: 'capturing' | 'sealed' | 'discarded' | 'deleted';
  size: number;
  sha256?: string | null;
  parts: number;
  createdAt: string;
  sealedAt?: string | null;
  sameBytesAs?: string | null;
  processing?: Processing | null;
  care?: Care | null;
};
/** A key for encrypted volumes; its value never comes back. */
export type EvidenceKey = { id: string; kind: EvidenceKeyKind; addedBy: string; addedAt: string };
export type EvidenceKeyKind = 'password' | 'recovery' | 'keyfile' | 'startup' | 'master';
export type Custody = {
  sequence: number;
  at: string;
  actor: string;
  action: string;
  detail: string;
  digest: string;
  previous: string;
  lineage?: Lineage | null;
};
/** Where in a cloud the bytes of a step came from, in the provider's own identifiers. */
export type Lineage = {
  platform: string;
  account?: string | null;
  region?: string | null;
  instance?: string | null;
  volume?: string | null;
  snapshot?: string | null;
  key?: string | null;
  share?: string | null;
  requests: string[];
  caller?: string | null;
};
export type SigningKey = { fingerprint: string; publicKey: string; since: string; retired?: string | null };
export type PackageExport = {
  id: string;
  state: 'preparing' | 'ready' | 'failed';
  reason: string;
  requestedBy: string;
  requestedAt: string;
  problem?: string | null;
  size?: number | null;
};
export type Care = {
  hold?: { by: string; at: string; reason: string } | null;
  retainUntil?: string | null;
  checkedAt?: string | null;
  problem?: string | null;
};
export type CoverageStatus = 'parsed' | 'partial' | 'failed' | 'unparsed' | 'empty';
export type CoverageRow = {
  path: string;
  volume?: string | null;
  size: number;
  parser?: string | null;
  mediaType?: string | null;
  status: CoverageStatus;
  found: number;
  parsed: number;
  rejected: number;
  events: number;
  warnings: { offset?: number | null; reason: string }[];
};
export type CoverageTotals = Record<CoverageStatus, number> & {
  files: number;
  found: number;
  records: number;
  rejected: number;
  events: number;
};
export type Verification = {
  verified: boolean;
  problems: string[];
  entries: number;
  unsignedEntries?: number;
  bytes?: number;
  signer?: string | null;
  head?: string | null;
};

export type FieldValue = string | number | boolean | FieldValue[] | { [name: string]: FieldValue };
export type EventLocation = {
  evidence: string;
  volume?: string | null;
  path: string;
  stream?: string | null;
  inode?: number | null;
  offset?: number | null;
  record?: string | null;
};
export type TimelineEvent = {
  id: string;
  record: string;
  timestamp: string | null;
  timestamp_desc: string;
  precision?: string;
  zone_source?: string;
  original?: string;
  inferred?: boolean;
  data_type: string;
  parser: string;
  message: string;
  host?: string | null;
  user?: string | null;
  location: EventLocation;
  fields: Record<string, FieldValue>;
  alerts?: string[];
};
export type EventDetail = TimelineEvent & {
  alsoIn: { evidence: string; event: string }[];
  asset?: Named | null;
};
export type Sources = { read: string[]; running: string[]; failed: string[]; notCollected: string[] };
export type TimelinePage = { total: number; events: TimelineEvent[]; next?: string | null; sources: Sources };
export type Histogram = {
  from: string;
  to: string;
  interval: string;
  buckets: { at: string; count: number }[];
  undated: number;
};
export type Facets = { facets: Record<string, { value: string; count: number }[]> };

export type CorroborationState = 'confirmed' | 'contradicted' | 'not_seen' | 'not_collected' | 'pending';
export type Corroboration = {
  state: CorroborationState;
  reason: string;
  events: TimelineEvent[];
  sources: { name: string; status: 'read' | 'partial' | 'not_collected' }[];
};
/** Something of an asset that will be lost; `what` and `ends` are words, `until` is absent when no clock decides it. */
export type Expiring = {
  asset: Named;
  kind: string;
  what: string;
  ends: string;
  until?: string | null;
  state: 'open' | 'taking' | 'held' | 'taken' | 'gone';
  profiles: string[];
  capture?: string | null;
};

export type Forensics = {
  incident: Incident;
  alerts: { alert: Alert; corroboration: Corroboration }[];
  captures: Capture[];
  evidence: Evidence[];
  decisions: Decision[];
  firstEvents: TimelineEvent[];
  expiring?: Expiring[];
  coverage: CoverageTotals;
  timelineQuery: { incident?: string | null; from?: string | null; to?: string | null; q?: string | null };
  totals?: {
    alerts: number;
    corroborations: Partial<Record<CorroborationState, number>>;
    decisions: Partial<Record<Outcome, number>>;
  };
};

export type Agent = {
  id: string;
  host: string;
  os: string;
  version: string;
  asset?: string | null;
  enrolledAt: string;
  lastSeen?: string | null;
  online: boolean;
};
export type Enrolment = {
  token: string;
  expiresAt: string;
  server: string;
  fingerprint: string;
  command: string;
};
export type ApiKey = {
  id: string;
  name: string;
  scopes: string[];
  createdAt?: string;
  lastUsed?: string | null;
  key?: string;
};
export type Profile = { name: string; description: string; artifacts: string[] };

/** What somebody looks at in sealed evidence; `problem` says why there is no answer. */
export type Look = {
  id: string;
  evidence: string;
  kind: 'list' | 'read';
  volume: string | null;
  path: string;
  offset: number;
  length: number;
  requestedAt: string;
  endedAt: string | null;
  problem: string | null;
  size: number | null;
  sha256: string | null;
};

/** A name in evidence, as `files` of the command line writes it. */
export type FileName = {
  path: string;
  volume?: string;
  filesystem?: string;
  inode?: number;
  type: string;
  size: number;
  allocated: boolean;
  mode?: string;
  uid?: number;
  gid?: number;
  mtime?: string;
  atime?: string;
  ctime?: string;
  crtime?: string;
  target?: string;
  fn_mtime?: string;
  fn_atime?: string;
  fn_ctime?: string;
  fn_crtime?: string;
};

export type FileNames = { items: FileName[]; total: number };
