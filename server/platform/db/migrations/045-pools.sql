-- Records that wait for an owner: each stay in a pool, and who has been told that a record will return.
create table if not exists {t}.pool_stay (
  id bigint generated always as identity primary key,
  pool uuid not null,
  object text collate "C" not null,
  record uuid not null,
  opened_at timestamptz not null,
  opened_act bigint not null,
  left_by int,                           -- the owner until then
  closed_at timestamptz,
  closed_act bigint,
  taken_by int                           -- the owner from then on; null: it left for another reason
);
create unique index if not exists pool_stay_open on {t}.pool_stay (record) where closed_at is null;
create index if not exists pool_stay_record on {t}.pool_stay (record, opened_at);
create index if not exists pool_stay_taken on {t}.pool_stay (taken_by, closed_at) where taken_by is not null;

create table if not exists {t}.pool_warning (
  record uuid primary key,
  object text collate "C" not null,
  member int not null,                   -- the owner who was told
  warned_at timestamptz not null,
  due_at timestamptz not null
);
create index if not exists pool_warning_due on {t}.pool_warning (object, due_at);
