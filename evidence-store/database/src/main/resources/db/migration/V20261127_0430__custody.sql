-- the custody entries once more, beside those in the store: whoever cuts a log there short is found out here
create table custody_entry (
    evidence text not null,
    sequence int not null,
    organisation text not null,
    at timestamptz not null,
    actor text not null,
    action text not null,
    detail text not null,
    previous text not null,
    digest text not null,
    primary key (evidence, sequence)
);
create index custody_entry_newest on custody_entry (organisation, at desc);

create function custody_entry_is_kept() returns trigger language plpgsql as $$
begin
    raise exception 'custody entries are never changed or removed';
end $$;
create trigger custody_entry_kept before update or delete on custody_entry
    for each row execute function custody_entry_is_kept();
create trigger custody_entries_kept before truncate on custody_entry
    for each statement execute function custody_entry_is_kept();

-- the public halves of the keys custody is and was signed with
create table signing_key (
    fingerprint text primary key,
    public_key text not null,
    since timestamptz not null,
    retired timestamptz
);

-- evidence packages that were asked for: a worker signs them, the server sends them
create table evidence_export (
    id uuid primary key,
    organisation text not null,
    evidence text not null,
    reason text not null,
    requested_by text not null,
    requested_at timestamptz not null,
    ended_at timestamptz,
    problem text,
    size bigint
);
create index evidence_export_evidence on evidence_export (evidence, requested_at desc);

-- how an evidence item is kept: legal hold, retention, and what the last re-hash found
create table evidence_care (
    evidence text primary key,
    organisation text not null,
    held_by text,
    held_at timestamptz,
    hold_reason text,
    retain_until timestamptz,
    part int not null default 0,
    bad_parts jsonb not null default '[]',
    checked_at timestamptz,
    problem text,
    purged_at timestamptz
);
create index evidence_care_problem on evidence_care (organisation) where problem is not null;
