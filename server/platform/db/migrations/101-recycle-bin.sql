-- Deletions whose end in the recycle bin was announced: nothing is gone for good within a week of it.
create table if not exists {t}.purge_notice (
  act bigint not null,
  object text collate "C" not null,
  told_at timestamptz not null,
  primary key (act, object)
);
