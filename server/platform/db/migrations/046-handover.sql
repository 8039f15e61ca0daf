-- What a leaving member handed over, and what of it can be taken back.
create table if not exists {t}.handover (
  id bigint generated always as identity primary key,
  member int not null,
  by int not null,
  at timestamptz not null,
  acts bigint[] not null,                -- one per object
  before jsonb not null,                 -- {supervised: [ids], headed: [ids], successor, suspended}
  undone_at timestamptz
);
create index if not exists handover_member on {t}.handover (member, id desc);
