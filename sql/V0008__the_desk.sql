-- The analysts' desk: through which door each entry came, who is signed in and where, and what programs may do.

-- Beside the entry, not in its hash: how it was said is no part of what was said. Unknown for entries of before.
alter table entries add column door text constraint entries_door_ck check (door in ('check', 'import', 'cli', 'desk', 'nudge', 'api'));
-- What one analyst recorded, newest first.
create index entries_actor_ix on entries (actor, position) where actor is not null;

-- As in V0002, with the door.
create function append_entries(
    p_now timestamptz, p_lock bigint[], p_expect int[],
    p_milestone bigint[], p_kind text[], p_occasion text[], p_happened_on date[], p_happened_at timestamptz[], p_actor uuid[],
    p_retracts bigint[], p_salt bytea[], p_body text[], p_state jsonb[], p_self text[], p_next_check_at timestamptz[], p_door text
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
    v_occasion text;
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
        v_occasion := p_occasion[i];
        if v_occasion like '-%' then
            v_occasion := v_positions[split_part(substr(v_occasion, 2), ':', 1)::int]::text || substring(v_occasion from '^-\d+(.*)$');
        end if;
        if v_occasion is not null and exists (
            select from entries e where e.milestone_id = p_milestone[i] and e.kind = p_kind[i] and e.occasion = v_occasion
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
            'v1', v_last_position, p_milestone[i], p_kind[i], coalesce(v_occasion, ''),
            (extract(epoch from v_recorded) * 1000000)::bigint,
            coalesce(p_happened_on[i]::text, ''), coalesce(((extract(epoch from p_happened_at[i]) * 1000000)::bigint)::text, ''),
            coalesce(p_actor[i]::text, ''), coalesce(p_retracts[i]::text, ''),
            encode(v_body_hash, 'hex'), encode(v_last_hash, 'hex')), 'UTF8'));

        insert into entries (position, milestone_id, kind, occasion, recorded_at, happened_on, happened_at, actor, retracts, body_hash, hash, salt, body, state, door)
        values (v_last_position, p_milestone[i], p_kind[i], v_occasion, v_recorded, p_happened_on[i], p_happened_at[i], p_actor[i],
            p_retracts[i], v_body_hash, v_hash, p_salt[i], p_body[i], v_state, p_door);
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

-- The same without a door, for a worker of the previous version that still runs.
create or replace function append_entries(
    p_now timestamptz, p_lock bigint[], p_expect int[],
    p_milestone bigint[], p_kind text[], p_occasion text[], p_happened_on date[], p_happened_at timestamptz[], p_actor uuid[],
    p_retracts bigint[], p_salt bytea[], p_body text[], p_state jsonb[], p_self text[], p_next_check_at timestamptz[]
) returns table (entry_position bigint, entry_recorded_at timestamptz)
language sql as $$
    select a.entry_position, a.entry_recorded_at
    from append_entries(p_now, p_lock, p_expect, p_milestone, p_kind, p_occasion, p_happened_on, p_happened_at, p_actor, p_retracts, p_salt,
        p_body, p_state, p_self, p_next_check_at, null) a
$$;

-- Whoever asks for a link to sign in waits here, so that the door does the same for known and unknown addresses. The link works in the
-- browser that asked only: browser is the hash of a secret that it was given.
create table sign_in_requests (
    id bigint generated always as identity constraint sign_in_requests_pk primary key,
    email text not null,
    browser bytea not null,
    to_path text,
    asked_at timestamptz not null
);
-- For links to sign in: without a browser it works in any, which ops may ask for; to_path is the page to go on to.
alter table tokens add column browser bytea;
alter table tokens add column to_path text;
create index tokens_sign_in_ix on tokens (expires_at) where purpose = 'sign_in';
create index tokens_user_ix on tokens (user_id) where user_id is not null;

-- Who is signed in, and where; hash is of the secret in the browser's cookie.
create table sessions (
    id bigint generated always as identity constraint sessions_pk primary key,
    hash bytea not null constraint sessions_hash_uq unique,
    user_id uuid not null constraint sessions_user_fk references users (id) on delete cascade,
    browser text not null,
    created_at timestamptz not null,
    last_used_at timestamptz not null,
    expires_at timestamptz not null
);
create index sessions_user_ix on sessions (user_id);

-- What programs carry. Shown once; only its hash is kept.
create table api_tokens (
    id bigint generated always as identity constraint api_tokens_pk primary key,
    hash bytea not null constraint api_tokens_hash_uq unique,
    user_id uuid not null constraint api_tokens_user_fk references users (id) on delete cascade,
    name text not null,
    scopes text[] not null constraint api_tokens_scopes_ck check (scopes <@ array['record', 'readers'] and cardinality(scopes) > 0),
    created_at timestamptz not null,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
);
create index api_tokens_user_ix on api_tokens (user_id);

-- What was answered to a request that named an Idempotency-Key: said again, it is answered the same and done once. Written in the
-- transaction of what it answers; request is the hash of its method, address and body.
create table kept_answers (
    token_id bigint not null constraint kept_answers_token_fk references api_tokens (id) on delete cascade,
    key text not null,
    request bytea not null,
    status int not null,
    etag text,
    location text,
    body text not null,
    created_at timestamptz not null,
    constraint kept_answers_pk primary key (token_id, key)
);
create index kept_answers_created_ix on kept_answers (created_at);
