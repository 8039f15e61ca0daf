-- What a run takes along through its waits: which way its last fork went, what was pushed with it, steps that are to be passed over.
alter table {t}.wait add column if not exists carries jsonb not null default '{}';
