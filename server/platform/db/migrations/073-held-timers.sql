-- Timers that were due when the tenant came back from a backup: they wait until somebody lets them go.
create table if not exists {t}.held_timer (
  key text collate "C" primary key,
  due_at timestamptz not null,
  kind text collate "C" not null,
  payload jsonb not null
);
