-- Keys by which what is sent to a rule's address is known, from the second on.
create table if not exists {t}.push_key (
  rule text collate "C" not null,
  number int not null,                   -- the first key of a rule has no row
  made_at timestamptz not null,          -- real database time: the key before it is good for a day longer
  made_by int not null,                  -- member.id
  primary key (rule, number)
);
