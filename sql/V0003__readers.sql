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
