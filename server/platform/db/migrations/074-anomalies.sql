-- What looked wrong in the log, told once: `key` says what it is about.
create table if not exists {t}.anomaly (
  key text collate "C" primary key,
  kind text collate "C" not null,        -- repeated | offHours | grantThenExport
  member int not null,
  found_at timestamptz not null,
  evidence jsonb not null
);
