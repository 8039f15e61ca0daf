-- What members who may only suggest would have written, until somebody takes it or not.
create table if not exists {t}.suggestion (
  id uuid primary key,
  object text collate "C" not null,
  record uuid,                           -- null: a new one
  member int not null,
  fields jsonb not null,                 -- fieldKey → value as it was sent
  at timestamptz not null,
  state text collate "C" not null,       -- open | taken | declined
  taken text[] not null default '{}',    -- the fields that were taken
  made uuid,                             -- the record that was written
  decided_by int, decided_at timestamptz, reason text
);
create index if not exists suggestion_open on {t}.suggestion (at) where state = 'open';
create index if not exists suggestion_member on {t}.suggestion (member, at);
