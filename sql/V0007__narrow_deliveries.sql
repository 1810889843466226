-- What a delivery says stands beside it, written once: each step on the way rewrites the delivery's row, and its headers and personal parts
-- were most of it. Deliveries of before keep theirs in their own row; so do those that the previous version still writes.
create table delivery_contents (
    delivery_id bigint not null,
    due_slot timestamptz not null,
    headers bytea not null,
    personal bytea[] not null,
    constraint delivery_contents_pk primary key (delivery_id, due_slot)
) partition by range (due_slot);

alter table deliveries alter column headers drop not null;
alter table deliveries alter column personal drop not null;

-- When the attempt that is under way has begun. Its row in attempts is written when it has ended, or when others find that its worker is gone:
-- until then the delivery is `sending`, and says by whom and since when.
alter table deliveries add column sending_since timestamptz;

-- As in V0005, with what deliveries say.
create or replace function ensure_slot_partitions(p_slot timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
    v_from timestamptz := date_trunc('month', p_slot at time zone 'UTC') at time zone 'UTC';
    v_to timestamptz := (date_trunc('month', p_slot at time zone 'UTC') + interval '1 month') at time zone 'UTC';
    v_parent text;
    v_name text;
begin
    foreach v_parent in array array['deliveries', 'delivery_contents', 'attempts', 'decisions'] loop
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

-- The months that deliveries have already.
do $$
declare
    v_month text;
begin
    for v_month in
        select right(c.relname, 7) from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'deliveries'::regclass loop
        perform ensure_slot_partitions(to_date(v_month, 'YYYY_MM')::timestamp at time zone 'UTC');
    end loop;
end $$;

-- As in V0005; what each says comes from beside it.
create or replace function claim_deliveries(p_worker text, p_batch int, p_after timestamptz, p_after_id bigint)
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
    select c.id, c.due_slot, c.generation, c.attempts, c.purpose, c.address, c.audience_id, c.paced, c.envelope_from,
        coalesce(t.headers, c.headers), coalesce(t.personal, c.personal), c.signature, c.created_at, c.next_attempt_at, c.state = 'expired'
    from claimed c left join delivery_contents t on t.delivery_id = c.id and t.due_slot = c.due_slot
    order by c.next_attempt_at, c.id;
end $$;

-- As in V0005, but for attempts: one row when it has ended, not one at its beginning and an update. Said again after a commit whose answer was
-- lost, or late, for a delivery that others have taken over, it finds the row that is there.
create or replace function settle_and_mark(
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
    settled as (
        update deliveries d
        set state = u.state, last_code = u.code, last_reply = u.reply, held = u.held, paced = false, worker = null, lease_until = null,
            next_attempt_at = case when u.state in ('sent', 'dead') then d.next_attempt_at
                else least(clock_timestamp() + u.delay, d.expires_at) end,
            settled_at = case when u.state in ('sent', 'dead') then clock_timestamp() end
        from done u
        where d.id = u.id and d.due_slot = u.slot and d.generation = u.generation
            and (d.state = 'sending' or (d.state = 'unknown' and u.state = 'sent'))
        returning u.*, d.sending_since),
    ended as (
        insert into attempts (delivery_id, due_slot, generation, worker, started_at, ended_at, outcome, code, reply)
        select s.id, s.slot, s.generation, p_worker, coalesce(s.sending_since, clock_timestamp()), clock_timestamp(), s.outcome, s.code, s.reply
        from settled s
        on conflict (delivery_id, generation, due_slot) do update
        set ended_at = excluded.ended_at, outcome = excluded.outcome, code = excluded.code, reply = excluded.reply),
    ended_late as (
        update attempts a set ended_at = clock_timestamp(), outcome = u.outcome, code = u.code, reply = u.reply
        from done u
        where a.delivery_id = u.id and a.due_slot = u.slot and a.generation = u.generation
            and not exists (select from settled s where s.id = u.id)),
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
            sending_since = case when n.stop is null then clock_timestamp() end,
            envelope_from = n.envelope,
            signature = coalesce(d.signature, n.signature),
            last_reply = coalesce(n.stop, d.last_reply),
            settled_at = case when n.stop is not null then clock_timestamp() end
        from next n
        where d.id = n.id and d.due_slot = n.slot and d.generation = n.generation
            and (d.state = 'leased' or (d.state = 'sending' and d.worker = p_worker))
        returning d.id, d.state)
    select b.id from begun b where b.state = 'sending';
end $$;
