-- Messages that came back with a backup: they wait until they are released, and nothing else lets them go.
alter table {t}.outbox add column if not exists restored boolean not null default false;
-- Only a restore has held what no rule has left.
update {t}.outbox set restored = true where state = 'held' and rule is null;
create index if not exists outbox_restored on {t}.outbox (id) where restored;
