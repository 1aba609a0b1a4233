-- Automation: rules choose channels in order, captures fall back and wait for approval, storms of alerts.

alter table rule add column providers jsonb;
update rule set providers = jsonb_build_array(provider);
alter table rule alter column providers set not null;
alter table rule drop column provider;
alter table rule add column patience_seconds bigint not null default 600;
alter table rule add column approval text not null default 'NONE';

alter table capture add column fallback_of uuid references capture;
alter table capture add column next_providers jsonb not null default '[]';
alter table capture add column patience_seconds bigint not null default 600;
alter table capture add column approval jsonb;
create index capture_fallback on capture (fallback_of) where fallback_of is not null;
create index capture_waiting on capture (organisation, requested_at desc) where state = 'AWAITING_APPROVAL';
create index capture_past on capture (organisation, provider, profile, ended_at desc) where state = 'CAPTURED';
drop index capture_active;
create unique index capture_active on capture (asset, provider, profile)
    where state in ('AWAITING_APPROVAL', 'QUEUED', 'RUNNING');

-- a decision that follows a capture stands beside the rule's own
alter table decision add column about uuid;
drop index decision_identity;
create unique index decision_identity on decision (alert, rule) nulls not distinct where about is null;
create unique index decision_following on decision (alert, rule, about, outcome) nulls not distinct
    where about is not null;

alter table alert add column severity int;
alter table alert add column source_group_id text;
update alert set severity = (normalised ->> 'severity')::int, source_group_id = normalised ->> 'sourceGroupId'
    where normalised is not null;
drop index alert_incident;
create index alert_incident on alert (incident, severity desc, received_at desc) where incident is not null;
-- a group's id may be longer than an index entry
create index alert_group on alert (organisation, source, md5(source_group_id), received_at desc)
    where source_group_id is not null;
-- alerts that were not read yet are the queue themselves
drop index alert_unread;
create index alert_waiting on alert (organisation, received_at) where state = 'RECEIVED';
delete from scheduled_tasks where task_name = 'normalise-alert';

-- assets whose alerts are to be held against their evidence again
create table corroboration_due (
    asset uuid primary key references asset on delete cascade,
    organisation text not null,
    marks bigint not null,
    due_at timestamptz not null,
    taken_until timestamptz
);
create index corroboration_due_at on corroboration_due (due_at);
