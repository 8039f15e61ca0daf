-- The address under which a member's other calendars read their events; only the hash of its secret.
create table if not exists {t}.calendar_feed (
  member int primary key,
  hash bytea not null unique,
  made_at timestamptz not null,          -- real database time, as read_at
  read_at timestamptz
);
