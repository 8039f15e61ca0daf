-- The second factor of members who sign in with one. Real database time.
create table if not exists {t}.two_factor (
  member int primary key,
  secret bytea not null,
  begun_at timestamptz not null,
  confirmed_at timestamptz,              -- null: begun, not in force yet
  last_step bigint,                      -- of the last code that was taken; none is taken twice
  recovery bytea[] not null default '{}',    -- hashes of the recovery codes that are left
  failures smallint not null default 0,
  locked_until timestamptz
) with (fillfactor = 70);
