-- Readers: a welcome mail, pauses, a sign of life after 28 days, and topics that change without repeating or losing news.

-- The next digest pass writes the welcome mail. False unless asked for, so that whoever joins through the previous version gets digests.
alter table subscribers add column welcome_due boolean not null default false;
-- Whether 28 days without a mail are told as "nothing changed".
alter table subscribers add column nothing_changed boolean not null default true;

-- What an immediate reader is due for (a welcome, the end of a pause, 28 days) has a due time as well; a paused reader's due slots are recorded.
create index subscribers_next_due_ix on subscribers (next_due_at) where state in ('active', 'paused');
drop index subscribers_due_ix;

-- Narrower than what replaced it, and kept until the next digest, so that what it has not told yet is not lost.
alter table topics add column carried boolean not null default false;

-- What was told, a line each milestone, for `mw subscriber why`.
alter table audiences add column held text[] not null default '{}';

-- As in V0001; behind the lock the catalogue itself is asked, since to_regclass may remember that a partition which another just made was missing.
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
                execute format('alter table public.%I attach partition public.%I for values from (%L) to (%L)', v_parent, v_name, v_from, v_to);
            end if;
        end if;
    end loop;
end $$;
