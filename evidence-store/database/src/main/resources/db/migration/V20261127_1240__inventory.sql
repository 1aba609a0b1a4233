-- what integrations hold that can be captured, as it was found last

create table inventory (
    integration uuid primary key references integration on delete cascade,
    organisation text not null,
    requested_by text not null,
    requested_at timestamptz not null,
    ended_at timestamptz,
    problem text,
    -- places that could not be listed: [{"place": …, "reason": …}]
    gaps jsonb not null default '[]'
);

create table inventory_item (
    integration uuid not null references integration on delete cascade,
    -- as assets carry it
    id text not null,
    organisation text not null,
    name text not null,
    host_name text,
    kind text not null,
    place text not null,
    platform text,
    state text not null,
    started_at timestamptz,
    tags jsonb not null,
    ephemeral text,
    -- lower case, of all that is searched
    searched text not null,
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    gone_at timestamptz,
    primary key (integration, id)
);
create index inventory_item_named on inventory_item (organisation, name);
