-- The secret from which the keys of what goes out and comes in are derived is sealed with the installation's key (server/platform/db/root.ts);
-- beside it stands what the tables themselves need, from which it cannot be found again. All null until it is sealed: then `secret` is null.
alter table {t}.state alter column secret drop not null;
alter table {t}.state add column if not exists signing bytea;
alter table {t}.state add column if not exists inner_key bytea;
alter table {t}.state add column if not exists number_key bytea;
alter table {t}.state add column if not exists ledger_key bytea;
alter table {t}.state add column if not exists log_name text;
