-- what a person looks at in sealed evidence: a folder's names, or a part of a file; a worker's engine answers
create table evidence_look (
    id uuid primary key,
    organisation text not null,
    evidence text not null,
    kind text not null,
    volume text,
    path text not null,
    first_byte bigint not null,
    length bigint not null,
    requested_by text not null,
    requested_at timestamptz not null,
    ended_at timestamptz,
    problem text,
    size bigint,
    sha256 text
);
create index evidence_look_age on evidence_look (requested_at);

-- keys for encrypted evidence, sealed for the workers
create table evidence_key (
    id uuid primary key,
    organisation text not null,
    evidence text not null,
    kind text not null,
    sealed text not null,
    added_by text not null,
    added_at timestamptz not null
);
create index evidence_key_evidence on evidence_key (evidence);
