-- What each batch of the engine answered, and when.
create table if not exists {t}.answered (
  id bigint generated always as identity primary key,
  position bigint not null,
  at timestamptz not null,
  epoch bigint not null,
  events bigint[] not null,
  timers jsonb
);
