-- The main job: alerts become incidents, incidents captures, captures evidence, evidence a timeline.
-- Times are UTC. Identifiers of rows that belong to people are UUIDs made by us, so that they can be given out early.

create table asset (
    id uuid primary key,
    organisation text not null,
    name text not null,
    created_at timestamptz not null,
    merged_into uuid references asset
);
create index asset_newest on asset (organisation, created_at desc);
create index asset_merged on asset (merged_into) where merged_into is not null;

create table asset_identifier (
    id uuid primary key,
    asset uuid not null references asset on delete cascade,
    organisation text not null,
    kind text not null,
    value text not null,
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    unique (asset, kind, value),
    -- an agent is on one asset; checked at commit, because a merge moves identifiers in two steps
    constraint one_asset_per_agent exclude using btree (organisation with =, value with =)
        where (kind = 'AGENT_ID') deferrable initially deferred
);
create index asset_identifier_named on asset_identifier (organisation, kind, value);

create table incident (
    id uuid primary key,
    organisation text not null,
    title text not null,
    severity int not null,
    severity_label text not null,
    status text not null,
    opened_at timestamptz not null,
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    alerts int not null
);
create index incident_newest on incident (organisation, last_seen desc);

create table incident_asset (
    id uuid primary key,
    incident uuid not null references incident on delete cascade,
    asset uuid not null references asset,
    organisation text not null,
    position int not null,
    unique (incident, asset)
);
create index incident_asset_asset on incident_asset (asset);

create table alert (
    id uuid primary key,
    organisation text not null,
    source text not null,
    received_at timestamptz not null,
    state text not null,
    problem text,
    source_alert_id text,
    normalised jsonb,
    asset uuid references asset,
    incident uuid references incident
);
-- the same alert is kept once; repeats of it are told apart by their state
create unique index alert_identity on alert (organisation, source, md5(source_alert_id))
    where source_alert_id is not null and state <> 'REPEAT';
create index alert_newest on alert (organisation, received_at desc);
create index alert_incident on alert (incident) where incident is not null;
create index alert_unread on alert (received_at) where state = 'RECEIVED';

create table alert_raw (
    alert uuid primary key references alert on delete cascade,
    organisation text not null,
    body bytea not null
);

create table rule (
    id uuid primary key,
    organisation text not null,
    name text not null,
    enabled boolean not null,
    position int not null,
    sources jsonb not null,
    minimum_severity int not null,
    techniques jsonb not null,
    asset_pattern text not null,
    provider text not null,
    profile text not null,
    dedupe_seconds bigint not null,
    daily_budget int not null
);
create index rule_order on rule (organisation, position);

create table capture (
    id uuid primary key,
    organisation text not null,
    evidence text not null unique,
    asset uuid not null references asset,
    provider text not null,
    target text not null,
    profile text not null,
    alert uuid,
    incident uuid references incident,
    rule uuid,
    requested_by text not null,
    requested_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz,
    state text not null,
    cancel_requested boolean not null,
    steps jsonb not null,
    done bigint not null,
    total bigint not null,
    text text not null
);
-- one capture of a host, channel and profile at a time
create unique index capture_active on capture (asset, provider, profile) where state in ('QUEUED', 'RUNNING');
create index capture_newest on capture (organisation, requested_at desc);
create index capture_asset on capture (asset, requested_at desc);
create index capture_incident on capture (incident) where incident is not null;
create index capture_rule on capture (rule, requested_at) where rule is not null;

create table decision (
    id uuid primary key,
    alert uuid not null references alert on delete cascade,
    organisation text not null,
    incident uuid,
    rule uuid,
    outcome text not null,
    reason text not null,
    at timestamptz not null,
    capture uuid
);
-- one for every alert and rule, and one for an alert that no rule matched
create unique index decision_identity on decision (alert, rule) nulls not distinct;
create index decision_incident on decision (incident) where incident is not null;
create index decision_capture on decision (capture) where capture is not null;

create table evidence_item (
    evidence_key text primary key,
    organisation text not null,
    asset uuid not null references asset,
    provider text not null,
    profile text not null,
    capture uuid not null,
    state text not null,
    size bigint not null,
    sha256 text,
    parts int not null,
    created_at timestamptz not null,
    sealed_at timestamptz,
    same_bytes_as text references evidence_item,
    run int not null,
    processing text not null,
    events bigint not null,
    text text not null,
    done bigint not null,
    total bigint not null,
    processing_started_at timestamptz,
    processing_ended_at timestamptz,
    coverage jsonb
);
-- the same bytes are kept once
create unique index evidence_item_bytes on evidence_item (organisation, sha256)
    where state = 'SEALED' and same_bytes_as is null;
create index evidence_item_newest on evidence_item (organisation, created_at desc);
create index evidence_item_asset on evidence_item (asset);
create index evidence_item_capture on evidence_item (capture);
create index evidence_item_processing on evidence_item (processing, created_at) where state = 'SEALED';

create table job (
    id uuid primary key,
    organisation text not null,
    kind text not null,
    subject text not null,
    state text not null,
    done bigint not null,
    total bigint not null,
    text text not null,
    checkpoint text,
    cancel_requested boolean not null,
    attempts int not null,
    created_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz
);
create index job_newest on job (organisation, created_at desc);
create index job_subject on job (subject, kind, created_at desc);

-- db-scheduler 16.12.0's own table: what is to be run, by whom it is being run, and its last heartbeat
create table scheduled_tasks (
    task_name text not null,
    task_instance text not null,
    task_data bytea,
    execution_time timestamptz not null,
    picked boolean not null,
    picked_by text,
    last_success timestamptz,
    last_failure timestamptz,
    consecutive_failures int,
    last_heartbeat timestamptz,
    version bigint not null,
    priority smallint,
    state text,
    organisation text not null default 'main',
    primary key (task_name, task_instance)
);
create index scheduled_tasks_due on scheduled_tasks (execution_time);
create index scheduled_tasks_heartbeat on scheduled_tasks (last_heartbeat);

create table agent (
    id text primary key,
    organisation text not null,
    public_key text not null,
    host text not null,
    os text not null,
    version text not null,
    asset uuid references asset,
    enrolled_at timestamptz not null,
    last_seen timestamptz not null
);
create index agent_newest on agent (organisation, enrolled_at desc);
create index agent_asset on agent (asset) where asset is not null;

create table enrolment_token (
    token text primary key,
    organisation text not null,
    name text not null,
    issued_by text not null,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);

create table agent_order (
    capture uuid primary key references capture on delete cascade,
    organisation text not null,
    agent text not null,
    profile text not null,
    upload text not null,
    state text not null,
    bytes bigint not null,
    text text not null,
    cancel_requested boolean not null,
    placed_at timestamptz not null,
    picked_up_at timestamptz,
    ended_at timestamptz
);
create index agent_order_open on agent_order (agent, placed_at) where state in ('PLACED', 'PICKED_UP');

create table local_user (
    id uuid primary key,
    organisation text not null,
    name text not null,
    password text not null,
    admin boolean not null,
    created_at timestamptz not null,
    unique (organisation, name)
);

create table user_session (
    token text primary key,
    organisation text not null,
    local_user uuid not null references local_user on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index user_session_user on user_session (local_user);
create index user_session_expiry on user_session (expires_at);

create table api_key (
    id uuid primary key,
    organisation text not null,
    name text not null,
    key text not null unique,
    scopes jsonb not null,
    created_by text not null,
    created_at timestamptz not null,
    last_used timestamptz
);

create table audit (
    id uuid primary key,
    organisation text not null,
    at timestamptz not null,
    actor text not null,
    action text not null,
    subject text not null,
    detail text not null,
    address text not null
);
create index audit_newest on audit (organisation, at desc);

create table corroboration (
    alert uuid primary key references alert on delete cascade,
    organisation text not null,
    state text not null,
    reason text not null,
    events jsonb not null,
    sources jsonb not null,
    at timestamptz not null
);

create table alert_event (
    alert uuid not null references alert on delete cascade,
    event text not null,
    organisation text not null,
    evidence text not null,
    primary key (alert, event)
);
create index alert_event_event on alert_event (event);

-- What changed in an incident, for pages that follow it. The transaction's number tells what is committed.
create table change_log (
    id bigint generated always as identity primary key,
    organisation text not null,
    incident uuid not null,
    what text not null,
    transaction xid8 not null default pg_current_xact_id(),
    at timestamptz not null default clock_timestamp()
);
create index change_log_incident on change_log (incident, transaction);
create index change_log_age on change_log (at);
