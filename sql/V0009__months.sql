-- The pump works on a month's tables by their own names. Through the tables that hold them all, each step of a mail opens and locks every month
-- that is kept: with two years of months a step cost two to three times as much.

-- Who may use the whole may use each part of it.
create function share_partition(p_parent text, p_name text) returns void
language plpgsql set search_path = pg_catalog, public as $$
declare
    v_grant record;
begin
    for v_grant in
        select case when a.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end as grantee, a.privilege_type
        from pg_class c cross join aclexplode(c.relacl) a where c.oid = format('public.%I', p_parent)::regclass loop
        execute format('grant %s on public.%I to %s', v_grant.privilege_type, p_name, v_grant.grantee);
    end loop;
end $$;

-- As in V0007, and shared.
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
                perform public.share_partition(v_parent, v_name);
                execute format('alter table public.%I attach partition public.%I for values from (%L) to (%L)', v_parent, v_name, v_from, v_to);
            end if;
        end if;
    end loop;
end $$;

do $$
declare
    v_parent text;
    v_name text;
begin
    foreach v_parent in array array['deliveries', 'delivery_contents', 'attempts', 'decisions'] loop
        for v_name in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = v_parent::regclass loop
            perform share_partition(v_parent, v_name);
        end loop;
    end loop;
end $$;

-- settle_and_mark and claim_deliveries stay for pumps of the version before, which may still run.
