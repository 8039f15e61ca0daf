-- What each batch of the engine answered, and when: with it the log alone tells what every rule saw.
-- `position`: change_seq when the events were taken. `timers`: [{seq, kind, name, object, record}] of those events that are no changes.
create table if not exists {t}.answered (
  id bigint generated always as identity primary key,
  position bigint not null,
  at timestamptz not null,
  epoch bigint not null,
  events bigint[] not null,
  timers jsonb
);
