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
    probe_by text
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

-- A run of a delivery pump. While its lease lasts, what it has leased is its own; it renews the lease, not every row.
create table workers (
    name text not null constraint workers_pk primary key,
    lease_until timestamptz not null
);

-- What waits or is under way, in the order it is due. State is in no index, so that the steps on the way are updates in place.
create index deliveries_open_ix on deliveries (next_attempt_at, id) where settled_at is null;
drop index deliveries_ready_ix;
drop index deliveries_leased_ix;

-- Room on the page for the steps on the way.
create function tune_partition(p_parent text, p_name text) returns void
language plpgsql set search_path = pg_catalog, public as $$
begin
    if p_parent = 'deliveries' then
        execute format('alter table public.%I set (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02)', p_name);
    elsif p_parent = 'attempts' then
        execute format('alter table public.%I set (fillfactor = 60)', p_name);
    end if;
end $$;

do $$
declare
    v_parent text;
    v_name text;
begin
    foreach v_parent in array array['deliveries', 'attempts'] loop
        for v_name in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = v_parent::regclass loop
            perform tune_partition(v_parent, v_name);
        end loop;
    end loop;
end $$;

-- As in V0003, and tuned.
create or replace function ensure_slot_partitions(p_slot timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
    v_from timestamptz := date_trunc('month', p_slot at time zone 'UTC') at time zone 'UTC';
    v_to timestamptz := (date_trunc('month', p_slot at time zone 'UTC') + interval '1 month') at time zone 'UTC';
    v_parent text;
    v_name text;
begin
    foreach v_parent in array array['deliveries', 'attempts', 'decisions'] loop
        v_name := v_parent || to_char(v_from at time zone 'UTC', '_YYYY_MM');
        if to_regclass('public.' || v_name) is null then
            perform pg_advisory_xact_lock(1297564676);
            if not exists (select from pg_class c where c.relname = v_name and c.relnamespace = 'public'::regnamespace) then
                execute format('create table public.%I (like public.%I including defaults including constraints)', v_name, v_parent);
                perform public.tune_partition(v_parent, v_name);
                execute format('alter table public.%I attach partition public.%I for values from (%L) to (%L)', v_parent, v_name, v_from, v_to);
            end if;
        end if;
    end loop;
end $$;

-- The pump's one statement on the way: settles the attempts that have ended and marks the next deliveries as sending, all in one commit.
-- The step into sending commits before DATA; a reader who left or paused, or an address that is suppressed, is not written to.
--   d_*   attempts that have ended: the state that follows, and for one that is tried again, after how long
--   n_*   deliveries to mark; n_keys is the address's key, n_envelopes the return path, n_signatures what is signed now (null: nothing)
-- Returns the ids that may be sent. Safe to repeat after a commit whose answer was lost: what is settled stays, what is marked is said again.
-- A worker that woke up after its lease may still say that the mail was accepted, and nothing else.
-- It is planned once, since planning takes longer than all the rest, and at a moment when these tables may be empty: so only plans are
-- allowed that stay good when they are full. What is left are bitmap scans, which need a key; a whole index would be read by an index scan too.
create function settle_and_mark(
    p_worker text,
    d_ids bigint[], d_slots timestamptz[], d_generations int[], d_states text[], d_outcomes text[], d_codes int[], d_replies text[],
    d_delays interval[], d_held boolean[],
    n_ids bigint[], n_slots timestamptz[], n_generations int[], n_keys text[], n_envelopes text[], n_signatures bytea[]
) returns table (marked bigint)
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_indexscan = off set enable_indexonlyscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
begin
    return query
    with done as (
        select * from unnest(d_ids, d_slots, d_generations, d_states, d_outcomes, d_codes, d_replies, d_delays, d_held)
            as u (id, slot, generation, state, outcome, code, reply, delay, held)),
    ended as (
        update attempts a set ended_at = clock_timestamp(), outcome = u.outcome, code = u.code, reply = u.reply
        from done u
        where a.delivery_id = u.id and a.due_slot = u.slot and a.generation = u.generation),
    settled as (
        update deliveries d
        set state = u.state, last_code = u.code, last_reply = u.reply, held = u.held, paced = false, worker = null, lease_until = null,
            next_attempt_at = case when u.state in ('sent', 'dead') then d.next_attempt_at
                else least(clock_timestamp() + u.delay, d.expires_at) end,
            settled_at = case when u.state in ('sent', 'dead') then clock_timestamp() end
        from done u
        where d.id = u.id and d.due_slot = u.slot and d.generation = u.generation
            and (d.state = 'sending' or (d.state = 'unknown' and u.state = 'sent'))),
    next as (
        select u.id, u.slot, u.generation, u.envelope, u.signature,
            case when x.id is not null then 'the address is suppressed: ' || x.reason
                when s.state in ('left', 'paused') then 'the reader has ' || s.state end as stop
        from unnest(n_ids, n_slots, n_generations, n_keys, n_envelopes, n_signatures)
            as u (id, slot, generation, key, envelope, signature)
        join deliveries v on v.id = u.id and v.due_slot = u.slot
        left join subscribers s on s.id = v.subscriber_id
        left join suppressions x on x.email_key = u.key and x.lifted_at is null),
    begun as (
        update deliveries d
        set state = case when n.stop is null then 'sending' else 'cancelled' end,
            attempts = d.attempts + case when n.stop is null and d.state = 'leased' then 1 else 0 end,
            envelope_from = n.envelope,
            signature = coalesce(d.signature, n.signature),
            last_reply = coalesce(n.stop, d.last_reply),
            settled_at = case when n.stop is not null then clock_timestamp() end
        from next n
        where d.id = n.id and d.due_slot = n.slot and d.generation = n.generation
            and (d.state = 'leased' or (d.state = 'sending' and d.worker = p_worker))
        returning d.id, d.due_slot, d.generation, d.state),
    attempted as (
        insert into attempts (delivery_id, due_slot, generation, worker, started_at)
        select b.id, b.due_slot, b.generation, p_worker, clock_timestamp() from begun b where b.state = 'sending'
        on conflict do nothing)
    select b.id from begun b where b.state = 'sending';
end $$;

-- Leases what is due, the longest due first, from after a place in that order; what has outlived its digest expires instead.
-- What is held waits, and expires. Returns what has expired, too. It is planned each time, for the tables
-- as they are: a batch is worth it.
-- Nothing for a worker whose lease others have ended: what it took would belong to nobody. The lock makes them wait until it is taken.
create function claim_deliveries(p_worker text, p_batch int, p_after timestamptz, p_after_id bigint)
returns table (
    id bigint, due_slot timestamptz, generation int, attempts int, purpose text, address text, audience_id bigint, paced boolean,
    envelope_from text, headers bytea, personal bytea[], signature bytea, created_at timestamptz, next_attempt_at timestamptz,
    expired boolean
)
language plpgsql set plan_cache_mode = force_custom_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
begin
    perform from workers w where w.name = p_worker for key share;
    if not found then
        return;
    end if;
    return query
    with due as (
        select d.id, d.due_slot, d.expires_at <= clock_timestamp() as over
        from deliveries d
        where d.settled_at is null and d.next_attempt_at <= clock_timestamp() and (d.next_attempt_at, d.id) > (p_after, p_after_id)
            and d.state in ('ready', 'unknown') and (not d.held or d.expires_at <= clock_timestamp())
        order by d.next_attempt_at, d.id limit p_batch for update skip locked),
    claimed as (
        update deliveries d
        set state = case when due.over then 'expired' else 'leased' end,
            generation = d.generation + case when due.over then 0 else 1 end,
            worker = case when due.over then null else p_worker end,
            settled_at = case when due.over then clock_timestamp() end
        from due
        where d.id = due.id and d.due_slot = due.due_slot
        returning d.id, d.due_slot, d.generation, d.attempts, d.purpose, d.address, d.audience_id, d.paced, d.envelope_from, d.headers,
            d.personal, d.signature, d.created_at, d.next_attempt_at, d.state)
    select c.id, c.due_slot, c.generation, c.attempts, c.purpose, c.address, c.audience_id, c.paced, c.envelope_from, c.headers,
        c.personal, c.signature, c.created_at, c.next_attempt_at, c.state = 'expired'
    from claimed c order by c.next_attempt_at, c.id;
end $$;
