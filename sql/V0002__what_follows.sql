-- What follows from an entry is appended with it, keyed by that entry's position; milestones go quiet; analysts are nudged.

-- Where and when an analyst's weekly nudge goes; none without an address. link_generation is raised to make old links void.
alter table users add column zone text not null default 'UTC';
alter table users add column link_generation int not null default 1;
alter table users add column next_nudge_at timestamptz;
create index users_next_nudge_ix on users (next_nudge_at) where next_nudge_at is not null;

-- What was read at a source, word for word, as often as it changed: what an entry cites stays as it was then.
create table source_texts (
    source_id bigint not null constraint source_texts_source_fk references sources (id),
    sha256 bytea not null,
    retrieved_at timestamptz not null,
    content text not null,
    constraint source_texts_pk primary key (source_id, sha256)
);

-- Every milestone is looked at once more: what the clock has to say has grown, and saying it twice is impossible.
update milestones set next_check_at = coalesce(least(next_check_at, changed_at), changed_at) where position > 0;

-- As in V0001, and p_occasion may begin with -n, meaning the position of the n-th entry of this call.
create or replace function append_entries(
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

        insert into entries (position, milestone_id, kind, occasion, recorded_at, happened_on, happened_at, actor, retracts, body_hash, hash, salt, body, state)
        values (v_last_position, p_milestone[i], p_kind[i], v_occasion, v_recorded, p_happened_on[i], p_happened_at[i], p_actor[i],
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

-- As in V0001; the text that was read goes as well, and the source, if nothing else that stands cites it.
create or replace function redact_entry(p_position bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
    v_source bigint;
    v_redacted boolean;
begin
    select substring(e.body from '"source":\{"id":(\d+)')::bigint into v_source from entries e where e.position = p_position;
    delete from source_texts t using entries e
    where e.position = p_position and e.body is not null
        and t.source_id = v_source
        and t.sha256 = decode(e.body::jsonb -> 'source' ->> 'sha256', 'hex');
    update evidence set name_key = null, source_id = null where position = p_position;
    update looks set source_id = null where position = p_position;
    update entries set body = null, salt = null where position = p_position and body is not null;
    v_redacted := found;
    if v_source is not null
        and not exists (select from entries e where e.body like '%"source":{"id":' || v_source || ',%')
        and not exists (select from quotes q where q.source_id = v_source)
        and not exists (select from context_items c where c.source_id = v_source)
    then
        delete from source_texts t where t.source_id = v_source;
        delete from sources s where s.id = v_source;
    end if;
    return v_redacted;
end $$;
