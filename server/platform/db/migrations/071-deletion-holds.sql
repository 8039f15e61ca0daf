-- Deletions of many records wait for a second person; how many are many.
create table if not exists {t}.deletion_limit (
  one boolean primary key default true check (one),
  records int not null,
  minutes int not null
);
insert into {t}.deletion_limit (records, minutes) values (50, 10) on conflict do nothing;

create table if not exists {t}.deletion_hold (
  id uuid primary key,
  object text collate "C" not null,
  records uuid[] not null,
  earlier int not null,                  -- deleted by the same member within the limit's minutes before
  asked_by int not null,
  asked_at timestamptz not null,
  ip text,
  agent text,
  state text collate "C" not null default 'waiting',   -- waiting | agreed | refused | withdrawn
  decided_by int,
  decided_at timestamptz,
  reason text,
  act bigint                             -- what deleted them
) with (fillfactor = 80);
create index if not exists deletion_hold_waiting on {t}.deletion_hold (asked_at desc);
