-- Rules that have been replayed on the past, as they were: `hash` is of what they do.
create table if not exists {t}.tried (
  rule text collate "C" not null,
  hash bytea not null,
  at timestamptz not null,
  by int not null,                       -- member.id
  days int not null,
  busiest jsonb,                         -- {messages, rules}: the most about one record on one day; null: never several rules
  primary key (rule, hash)
);
