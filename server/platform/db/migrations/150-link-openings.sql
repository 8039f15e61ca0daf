-- Openings of tracking links: a narrow row each, so that a campaign's many clicks meet in no row.
create table if not exists {t}.link_opening (
  link uuid not null,
  at timestamptz not null,
  id uuid not null,
  visitor uuid,                          -- null: a machine, or erased
  machine boolean not null,
  record uuid,                           -- of whoever it turned out to be
  primary key (link, at, id)
);
create index if not exists link_opening_visitor on {t}.link_opening (visitor) where visitor is not null;
create index if not exists link_opening_record on {t}.link_opening (record) where record is not null;
