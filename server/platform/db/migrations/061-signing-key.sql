-- Keys that sign what goes out, from the second on.
create table if not exists {t}.signing_key (
  number int primary key,                -- the first key of a tenant has no row
  made_at timestamptz not null,          -- real database time: the key before it is good for a day longer
  made_by int not null                   -- member.id
);
