-- What left the house, row by row: a trace of every value as it stood then, so that a few rows tell which export they are from.
create table if not exists {t}.export (
  no bigint generated always as identity primary key,
  member int not null,
  at timestamptz not null,
  ip text,
  agent text,
  object text collate "C" not null,
  format text collate "C" not null,
  fields text[] collate "C" not null,
  rows int not null
);

-- `cells`: a keyed hash (64 bit) of each value, the order of the columns.
create table if not exists {t}.export_row (
  export bigint not null,
  n int not null,
  record uuid not null,
  cells bigint[] not null,
  primary key (export, n)
);
