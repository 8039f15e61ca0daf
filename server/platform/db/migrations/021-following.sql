-- Who follows a record, and what they are to be told.
create table if not exists {t}.follow (
  record uuid not null,
  object text collate "C" not null,
  member int not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  primary key (record, member, opened_at)
);
create unique index if not exists follow_open on {t}.follow (record, member) where closed_at is null;
create index if not exists follow_member on {t}.follow (member) where closed_at is null;

-- Changes that followers are to be told of; the row leaves in the transaction that tells them.
create table if not exists {t}.follow_news (seq bigint primary key)
  with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
