-- Vendors we are connected to: captures go through them, alerts come from them, comments go back to them.

create table integration (
    id uuid primary key,
    organisation text not null,
    vendor text not null,
    name text not null,
    enabled boolean not null,
    uses jsonb not null,
    settings jsonb not null,
    -- each sealed with the workers' public key
    sealed jsonb not null,
    inbound_kind text,
    inbound_source text,
    inbound_settings jsonb,
    created_by text not null,
    created_at timestamptz not null,
    unique (organisation, name)
);
create index integration_use on integration (enabled, created_at);

create table integration_status (
    integration uuid primary key references integration on delete cascade,
    organisation text not null,
    contact_at timestamptz,
    problem text,
    problem_at timestamptz,
    cursor text,
    alerts bigint not null,
    alert_at timestamptz,
    checked_at timestamptz,
    checks jsonb
);

-- which integration an alert came from, and what its sender proved itself with
create table alert_origin (
    alert uuid primary key references alert on delete cascade,
    organisation text not null,
    integration uuid not null references integration on delete cascade,
    headers jsonb not null
);
create index alert_origin_integration on alert_origin (integration);
create index alert_unverified on alert (received_at) where state = 'UNVERIFIED';

-- the workers' public keys that secrets are sealed with; the newest is used
create table secret_key (
    public_key text primary key,
    organisation text not null default 'main',
    created_at timestamptz not null
);

-- a look at a host before a capture, asked for in the browser and done by a worker
create table preflight (
    id uuid primary key,
    organisation text not null,
    asset uuid not null references asset on delete cascade,
    provider text not null,
    profile text not null,
    requested_by text not null,
    requested_at timestamptz not null,
    ended_at timestamptz,
    problem text,
    result jsonb
);
create index preflight_age on preflight (requested_at);

-- comments left on vendors' alerts: one for each alert and thing to say
create table console_comment (
    id uuid primary key,
    organisation text not null,
    integration uuid not null references integration on delete cascade,
    alert uuid not null references alert on delete cascade,
    text text not null,
    left_at timestamptz not null,
    problem text,
    unique (integration, alert, text)
);
create index console_comment_alert on console_comment (alert);
