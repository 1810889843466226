-- Delivery: what waits on purpose, a relay in trouble, rates that hold for all replicas together, and who is not to be written to.

-- Held by hand: it waits, and expires, until somebody says retry.
alter table deliveries add column held boolean not null default false;
-- Its place in its recipient domain's line is next_attempt_at already.
alter table deliveries add column paced boolean not null default false;

-- A relay that takes no mail at all: it rests, then one mail of one replica is the probe. No row, or no trouble: all is well.
create table relays (
    name text not null constraint relays_pk primary key,
    trouble text,
    code int,
    troubled_at timestamptz,
    failures int not null default 0,
    rest_until timestamptz,
    probe_by text,
    probe_until timestamptz
);

-- When the next mail may go: at this relay, or to this domain of recipients.
create table paces (
    name text not null constraint paces_pk primary key,
    next_at timestamptz not null
);

-- Addresses that no mail is sent to, and why. Who is written to again keeps the row as its story.
create table suppressions (
    id bigint generated always as identity constraint suppressions_pk primary key,
    email_key text not null,
    address text not null,
    reason text not null constraint suppressions_reason_ck check (reason in ('hard', 'soft', 'complaint', 'manual')),
    evidence text not null,
    suppressed_at timestamptz not null,
    lifted_at timestamptz,
    lifted_because text
);
create unique index suppressions_standing_uq on suppressions (email_key) where lifted_at is null;

-- Reports that were read; the same bytes twice are one report. A report without proof that it answers a mail of ours counts for nothing.
create table bounces (
    id bigint generated always as identity constraint bounces_pk primary key,
    message_hash bytea not null constraint bounces_message_uq unique,
    kind text not null constraint bounces_kind_ck check (kind in ('hard', 'soft', 'complaint', 'none')),
    proof text constraint bounces_proof_ck check (proof in ('return_path', 'link', 'door')),
    email_key text,
    address text,
    status text,
    diagnostic text,
    delivery_id bigint,
    read_at timestamptz not null
);
create index bounces_key_ix on bounces (email_key, read_at);
create index bounces_delivery_ix on bounces (delivery_id);
