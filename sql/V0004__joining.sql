-- Joining: what was asked for waits in a table of its own, so that the door does the same for known and unknown addresses; and limits that
-- hold for all replicas together.

create table join_requests (
    id bigint generated always as identity constraint join_requests_pk primary key,
    email text not null,
    email_key text not null,
    cadence text not null constraint join_requests_cadence_ck check (cadence in ('immediate', 'daily', 'weekly', 'monthly')),
    at_time time not null,
    day smallint not null,
    zone text not null,
    language text not null,
    topics text[] not null,
    asked_at timestamptz not null,
    due_at timestamptz not null
);
create index join_requests_due_ix on join_requests (due_at);
create index join_requests_key_ix on join_requests (email_key);

-- How often something was done in a window that is still open. The bucket is an HMAC: no address and no network in clear.
create table limits (
    bucket bytea not null constraint limits_pk primary key,
    used int not null,
    ends_at timestamptz not null
);
create index limits_ends_ix on limits (ends_at);

create index tokens_subscriber_ix on tokens (subscriber_id);
-- Who never confirms is forgotten.
create index subscribers_pending_ix on subscribers (id) where state = 'pending';

-- Quotes that a local part does not need are no part of its key. Where both spellings joined, each stays as it is.
update subscribers s
set email_key = regexp_replace(s.email_key, '^"(.*)"@', '\1@')
where s.email_key ~ '^"[A-Z0-9!#$%&''*+/=?^_`{|}~-]+(\.[A-Z0-9!#$%&''*+/=?^_`{|}~-]+)*"@'
    and not exists (select from subscribers o where o.email_key = regexp_replace(s.email_key, '^"(.*)"@', '\1@'));
