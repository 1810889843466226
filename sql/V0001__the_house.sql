-- The whole schema, in the words of the design. PostgreSQL 15 and up. Forward only: never edited once released.
-- Truth is the ledger (entries). Everything beside it is either a projection that a fold of the ledger gives back,
-- or about readers and mail, which the ledger never mentions.

create table subjects (
    id bigint generated always as identity constraint subjects_pk primary key,
    slug text not null constraint subjects_slug_uq unique,
    name text not null
);

create table users (
    id uuid not null default gen_random_uuid() constraint users_pk primary key,
    name text not null constraint users_name_uq unique,
    email text,
    role text not null default 'analyst' constraint users_role_ck check (role in ('analyst', 'admin')),
    created_at timestamptz not null
);

create table sources (
    id bigint generated always as identity constraint sources_pk primary key,
    publisher text not null,
    title text,
    url text,
    published_on date,
    retrieved_at timestamptz,
    sha256 bytea,
    content text
);
create unique index sources_identity_uq on sources (publisher, coalesce(url, ''), coalesce(title, ''));

-- The current row of each milestone: the state after its last entry, and when the clock next has something to say.
create table milestones (
    id bigint generated always as identity constraint milestones_pk primary key,
    subject_id bigint not null constraint milestones_subject_fk references subjects (id),
    slug text not null constraint milestones_slug_uq unique,
    kind text not null constraint milestones_kind_ck check (kind in ('event', 'quantity', 'tally', 'question')),
    zone text not null,
    state jsonb,
    revision int not null default 0,
    position bigint not null default 0,
    changed_at timestamptz,
    next_check_at timestamptz
);
create index milestones_next_check_ix on milestones (next_check_at) where next_check_at is not null;
create index milestones_position_ix on milestones (position);
create index milestones_subject_ix on milestones (subject_id);

create table milestone_about (
    question_id bigint not null constraint milestone_about_question_fk references milestones (id),
    about_id bigint not null constraint milestone_about_about_fk references milestones (id),
    constraint milestone_about_pk primary key (question_id, about_id)
);
create index milestone_about_about_ix on milestone_about (about_id);

-- The ledger. Inserted into by append_entries only; body and salt are cleared by redact_entry only; never otherwise changed.
create table entries (
    position bigint not null constraint entries_pk primary key,
    milestone_id bigint not null constraint entries_milestone_fk references milestones (id),
    kind text not null,
    occasion text,
    recorded_at timestamptz not null,
    happened_on date,
    happened_at timestamptz,
    actor uuid,
    retracts bigint constraint entries_retracts_fk references entries (position),
    body_hash bytea not null,
    hash bytea not null,
    salt bytea,
    body text,
    state jsonb not null,
    constraint entries_occasion_uq unique (milestone_id, kind, occasion)
);
create index entries_milestone_ix on entries (milestone_id, position);
create index entries_recorded_ix on entries (recorded_at, position);
create unique index entries_retracts_uq on entries (retracts, kind) where retracts is not null;

-- Projections of entries by what later questions ask; no free text, so a redaction has one place to clear.
create table evidence (
    position bigint not null constraint evidence_pk primary key constraint evidence_entry_fk references entries (position),
    milestone_id bigint not null,
    source_id bigint constraint evidence_source_fk references sources (id),
    stance text not null,
    standing text not null,
    relation text,
    name_key text,
    counts boolean not null
);
create index evidence_milestone_ix on evidence (milestone_id, position);

create table looks (
    position bigint not null constraint looks_pk primary key constraint looks_entry_fk references entries (position),
    milestone_id bigint not null,
    source_id bigint constraint looks_source_fk references sources (id),
    looked_on date not null
);
create index looks_milestone_ix on looks (milestone_id, position);

create table forecasts (
    position bigint not null constraint forecasts_pk primary key constraint forecasts_entry_fk references entries (position),
    milestone_id bigint not null,
    actor uuid not null
);
create index forecasts_milestone_ix on forecasts (milestone_id, actor, position);

create table forecast_points (
    position bigint not null constraint forecast_points_forecast_fk references forecasts (position),
    by_date date not null,
    probability numeric(4, 3) not null constraint forecast_points_probability_ck check (probability between 0.001 and 0.999),
    constraint forecast_points_pk primary key (position, by_date)
);

-- Said about the subject, never due.
create table quotes (
    id bigint generated always as identity constraint quotes_pk primary key,
    subject_id bigint not null constraint quotes_subject_fk references subjects (id),
    who text not null,
    says text not null,
    verbatim boolean not null,
    source_id bigint constraint quotes_source_fk references sources (id),
    recorded_at timestamptz not null
);

create table context_items (
    id bigint generated always as identity constraint context_items_pk primary key,
    subject_id bigint not null constraint context_items_subject_fk references subjects (id),
    happened_on date,
    says text not null,
    source_id bigint constraint context_items_source_fk references sources (id),
    recorded_at timestamptz not null
);

-- The baseline of imports: what each watchlist last said of each fact, so that a second import repeats and reverts nothing.
create table import_facts (
    watchlist text not null,
    key text not null,
    value text not null,
    constraint import_facts_pk primary key (watchlist, key)
);

create table subscribers (
    id bigint generated always as identity constraint subscribers_pk primary key,
    email text not null,
    email_key text not null constraint subscribers_email_uq unique,
    state text not null constraint subscribers_state_ck check (state in ('pending', 'active', 'paused', 'left')),
    cadence text not null constraint subscribers_cadence_ck check (cadence in ('immediate', 'daily', 'weekly', 'monthly')),
    at_time time not null,
    day smallint not null,
    zone text not null,
    language text not null default 'en',
    position bigint not null,
    digest_number int not null default 0,
    last_digest_at timestamptz,
    next_due_at timestamptz,
    paused_until timestamptz,
    link_generation int not null default 1,
    tz_version text not null,
    created_at timestamptz not null,
    confirmed_at timestamptz,
    left_at timestamptz
);
create index subscribers_due_ix on subscribers (next_due_at) where state = 'active' and cadence <> 'immediate';
create index subscribers_immediate_ix on subscribers (position) where state = 'active' and cadence = 'immediate';

-- since: what is newly covered counts from the head at that moment.
create table topics (
    subscriber_id bigint not null constraint topics_subscriber_fk references subscribers (id) on delete cascade,
    kind text not null constraint topics_kind_ck check (kind in ('all', 'subject', 'milestone')),
    ref_id bigint not null default 0,
    since bigint not null,
    constraint topics_pk primary key (subscriber_id, kind, ref_id)
);

-- Confirmation and sign-in links: random, stored hashed, used once.
create table tokens (
    hash bytea not null constraint tokens_pk primary key,
    purpose text not null constraint tokens_purpose_ck check (purpose in ('confirmation', 'sign_in')),
    subscriber_id bigint constraint tokens_subscriber_fk references subscribers (id) on delete cascade,
    user_id uuid constraint tokens_user_fk references users (id) on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);

-- One rendering for all readers with the same positions, topics and language: encoded segments, and the markers between them.
create table audiences (
    id bigint generated always as identity constraint audiences_pk primary key,
    purpose text not null,
    from_position bigint not null,
    to_position bigint not null,
    language text not null,
    subject_line text not null,
    boundary text not null,
    segments bytea[] not null,
    markers text[] not null,
    created_at timestamptz not null
);

create sequence delivery_ids;

create table deliveries (
    id bigint not null default nextval('delivery_ids'),
    recipient text not null,
    due_slot timestamptz not null,
    key text not null,
    purpose text not null constraint deliveries_purpose_ck check (purpose in ('digest', 'confirmation', 'welcome', 'nudge', 'sign_in', 'webhook')),
    channel text not null default 'mail',
    subscriber_id bigint,
    address text not null,
    audience_id bigint,
    state text not null default 'ready'
    constraint deliveries_state_ck check (state in ('ready', 'leased', 'sending', 'sent', 'dead', 'unknown', 'expired', 'cancelled')),
    generation int not null default 0,
    worker text,
    lease_until timestamptz,
    attempts int not null default 0,
    next_attempt_at timestamptz not null,
    expires_at timestamptz not null,
    envelope_from text not null,
    headers bytea not null,
    personal bytea[] not null,
    signature bytea,
    created_at timestamptz not null,
    settled_at timestamptz,
    last_code int,
    last_reply text,
    constraint deliveries_pk primary key (recipient, due_slot, key)
) partition by range (due_slot);
create index deliveries_ready_ix on deliveries (next_attempt_at) where state in ('ready', 'unknown');
create index deliveries_leased_ix on deliveries (lease_until) where state in ('leased', 'sending');
create index deliveries_id_ix on deliveries (id);

create table attempts (
    delivery_id bigint not null,
    due_slot timestamptz not null,
    generation int not null,
    worker text not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    outcome text,
    code int,
    reply text,
    constraint attempts_pk primary key (delivery_id, generation, due_slot)
) partition by range (due_slot);

-- Every due digest: what it held, or why there was none. Kept 25 months.
create table decisions (
    subscriber_id bigint not null,
    due_slot timestamptz not null,
    decided_at timestamptz not null,
    from_position bigint not null,
    to_position bigint not null,
    outcome text not null constraint decisions_outcome_ck check (outcome in ('sent', 'nothing_new', 'paused', 'suppressed')),
    digest_number int,
    audience_id bigint,
    constraint decisions_pk primary key (subscriber_id, due_slot)
) partition by range (due_slot);

create table signing_keys (
    id int generated always as identity constraint signing_keys_pk primary key,
    secret bytea not null,
    created_at timestamptz not null
);

-- A heartbeat per pass; position is how far the pass for immediate readers has settled.
create table passes (
    name text not null constraint passes_pk primary key,
    beat_at timestamptz not null,
    position bigint not null default 0
);

-- Monthly partitions of what is partitioned by due slot. Attaching takes no lock that stops readers or the pump.
create function ensure_slot_partitions(p_slot timestamptz) returns void
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
            if to_regclass('public.' || v_name) is null then
                execute format('create table public.%I (like public.%I including defaults including constraints)', v_name, v_parent);
                execute format('alter table public.%I attach partition public.%I for values from (%L) to (%L)', v_parent, v_name, v_from, v_to);
            end if;
        end if;
    end loop;
end $$;

-- The only door into the ledger: one call, one round trip. Row locks first (in id order), then the one ledger lock, held
-- until commit, so positions are in commit order and no reader's position can skip an entry that commits late.
--   p_lock, p_expect   the milestones that change, and the revision that the caller saw of each (null: the clock's own entries)
--   p_state            the state after the entry; null keeps the milestone's (the clock's entries change none)
--   p_self             keys of p_state that hold -n, meaning the position of the n-th entry of this call
-- Refuses with MW412 (stale revision) and MW409 (the clock is more than 5 minutes behind the ledger).
-- An occasion that is already on record is passed over: its position comes back null.
create function append_entries(
    p_now timestamptz, p_lock bigint[], p_expect int[],
    p_milestone bigint[], p_kind text[], p_occasion text[], p_happened_on date[], p_happened_at timestamptz[], p_actor uuid[],
    p_retracts bigint[], p_salt bytea[], p_body text[], p_state jsonb[], p_self text[], p_next_check_at timestamptz[]
) returns table (entry_position bigint, entry_recorded_at timestamptz)
language plpgsql as $$
declare
    v_rev int;
    v_last_position bigint := 0;
    v_last_recorded timestamptz := '-infinity';
    v_last_hash bytea := '\x';
    v_recorded timestamptz;
    v_positions bigint[] := '{}';
    v_state jsonb;
    v_body_hash bytea;
    v_hash bytea;
    v_key text;
    v_body jsonb;
    i int;
begin
    for i in 1 .. cardinality(p_lock) loop
        select m.revision into v_rev from milestones m where m.id = p_lock[i] for no key update;
        if p_expect[i] is not null and v_rev is distinct from p_expect[i] then
            raise exception 'stale revision: you saw %, it is now %', p_expect[i], v_rev using errcode = 'MW412';
        end if;
    end loop;

    perform pg_advisory_xact_lock(1297564675);
    select e.position, e.recorded_at, e.hash into v_last_position, v_last_recorded, v_last_hash
    from entries e order by e.position desc limit 1;
    if not found then v_last_position := 0; v_last_recorded := '-infinity'; v_last_hash := '\x'; end if;
    if p_now < v_last_recorded - interval '5 minutes' then
        raise exception 'the clock says %, but the ledger already reaches %', p_now, v_last_recorded using errcode = 'MW409';
    end if;
    v_recorded := greatest(p_now, v_last_recorded);

    for i in 1 .. cardinality(p_milestone) loop
        if p_occasion[i] is not null and exists (
            select from entries e where e.milestone_id = p_milestone[i] and e.kind = p_kind[i] and e.occasion = p_occasion[i]
        ) then
            v_positions := v_positions || null::bigint;
            entry_position := null; entry_recorded_at := null;
            return next;
            continue;
        end if;

        v_last_position := v_last_position + 1;
        v_positions := v_positions || v_last_position;
        if p_state[i] is null then
            select m.state into v_state from milestones m where m.id = p_milestone[i];
        else
            v_state := p_state[i];
            foreach v_key in array string_to_array(coalesce(p_self[i], ''), ',') loop
                v_state := v_state || jsonb_build_object(v_key, v_positions[-(v_state ->> v_key)::int]);
            end loop;
        end if;
        v_state := v_state || jsonb_build_object('position', v_last_position);
        v_body_hash := sha256(p_salt[i] || convert_to(p_body[i], 'UTF8'));
        v_hash := sha256(convert_to(concat_ws('|',
            'v1', v_last_position, p_milestone[i], p_kind[i], coalesce(p_occasion[i], ''),
            (extract(epoch from v_recorded) * 1000000)::bigint,
            coalesce(p_happened_on[i]::text, ''), coalesce(((extract(epoch from p_happened_at[i]) * 1000000)::bigint)::text, ''),
            coalesce(p_actor[i]::text, ''), coalesce(p_retracts[i]::text, ''),
            encode(v_body_hash, 'hex'), encode(v_last_hash, 'hex')), 'UTF8'));

        insert into entries (position, milestone_id, kind, occasion, recorded_at, happened_on, happened_at, actor, retracts, body_hash, hash, salt, body, state)
        values (v_last_position, p_milestone[i], p_kind[i], p_occasion[i], v_recorded, p_happened_on[i], p_happened_at[i], p_actor[i],
            p_retracts[i], v_body_hash, v_hash, p_salt[i], p_body[i], v_state);
        update milestones m
        set state = v_state, revision = (v_state ->> 'revision')::int, position = v_last_position, changed_at = v_recorded,
            next_check_at = case when p_state[i] is null then m.next_check_at else p_next_check_at[i] end
        where m.id = p_milestone[i];

        if p_kind[i] in ('evidence_added', 'looked', 'forecast') then
            v_body := p_body[i]::jsonb;
            case p_kind[i]
            when 'evidence_added' then
                insert into evidence (position, milestone_id, source_id, stance, standing, relation, name_key, counts)
                values (v_last_position, p_milestone[i], (v_body -> 'source' ->> 'id')::bigint, v_body -> 'change' ->> 'stance',
                    coalesce(v_body ->> 'standing', 'unclear'), v_body -> 'change' ->> 'relation', v_body -> 'change' ->> 'name_key',
                    coalesce((v_body -> 'change' ->> 'counts')::boolean, false));
            when 'looked' then
                insert into looks (position, milestone_id, source_id, looked_on)
                values (v_last_position, p_milestone[i], (v_body -> 'source' ->> 'id')::bigint, p_happened_on[i]);
            else
                insert into forecasts (position, milestone_id, actor) values (v_last_position, p_milestone[i], p_actor[i]);
                insert into forecast_points (position, by_date, probability)
                select v_last_position, (point ->> 'by')::date, (point ->> 'probability')::numeric
                from jsonb_array_elements(v_body -> 'change' -> 'points') as point;
            end case;
        end if;

        v_last_hash := v_hash;
        entry_position := v_last_position; entry_recorded_at := v_recorded;
        return next;
    end loop;
    perform pg_notify('milestonewatch_ledger', v_last_position::text);
end $$;

-- The owner's one function that may clear a body: the hash over it stays, so the chain still verifies.
create function redact_entry(p_position bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    update evidence set name_key = null where position = p_position;
    update entries set body = null, salt = null where position = p_position and body is not null;
    return found;
end $$;
revoke execute on function redact_entry(bigint) from public;

-- Whoever logs in, even the owner: the ledger is not edited by accident.
create function entries_are_kept() returns trigger
language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.body is null and new.salt is null
        and to_jsonb(new) - 'body' - 'salt' = to_jsonb(old) - 'body' - 'salt' then
        return new;
    end if;
    raise exception 'the ledger is append-only: % refused', lower(tg_op) using errcode = 'MW403';
end $$;
create trigger entries_are_kept before update or delete on entries for each row execute function entries_are_kept();
create trigger entries_are_not_emptied before truncate on entries for each statement execute function entries_are_kept();
