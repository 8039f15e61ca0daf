-- How complete everybody's records are in the sense of an assignment policy, as of the day: reckoned once, so that a day's decisions agree.
create table if not exists {t}.completeness (
  policy text collate "C" not null,
  version int not null,
  day date not null,
  member int not null,
  complete int not null,
  total int not null,
  primary key (policy, version, day, member)
);
