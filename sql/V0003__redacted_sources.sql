-- A redaction takes the entry's source as well: who was cited beside the words, if nothing else that stands cites it.
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
