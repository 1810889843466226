-- Why a pass could not do its work the last time it was rung, and what to do about it; null once it could.
alter table passes add column trouble text;
