-- What members have settled about rules for their own records, and what is kept back by it.
create table if not exists {t}.own_automation (
  id int primary key,                    -- member
  paused text[] collate "C" not null default '{}',     -- keys of rules that leave their records alone
  slots jsonb not null default '[]'      -- hours of the week in which rules send nothing: [{days, from, to}]
);
alter table {t}.notification
  add column if not exists held_until timestamptz;     -- business time at which it is shown; null: it is not kept back
create index if not exists notification_held on {t}.notification (held_until) where held_until is not null;
alter table {t}.outbox
  add column if not exists owner int,                  -- of the record that it is about, if that member may keep it back
  add column if not exists not_before timestamptz;     -- business time; null: at once
create index if not exists outbox_owner on {t}.outbox (owner) where owner is not null and state in ('ready', 'held');
