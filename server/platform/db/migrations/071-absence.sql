-- When members are away, and who stands in for them.
create table if not exists {t}.absence (
  id int generated always as identity primary key,
  member int not null,
  kind text collate "C" not null,        -- why: ABSENCE_KINDS
  from_at timestamptz not null,
  to_at timestamptz not null,
  stand_ins int[] not null default '{}', -- empty: whoever is above
  state text collate "C" not null default 'planned'   -- planned | running | over | cancelled
);
create index if not exists absence_open on {t}.absence (from_at) where state in ('planned', 'running');
create index if not exists absence_member on {t}.absence (member, id);
