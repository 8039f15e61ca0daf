-- Where a run of a rule stands that waits, is held while its rule is off, has failed after a wait, or was called off. `run`: the event of its first part.
create table if not exists {t}.wait (
  run bigint not null,
  rule text collate "C" not null,
  version int not null,
  object text collate "C" not null,
  record uuid not null,
  path text collate "C" not null,        -- of the step, e.g. 2.yes.0; empty: the beginning
  kind text collate "C" not null,        -- time | condition | again
  due_at timestamptz not null,
  state text collate "C" not null,       -- waiting | held | failed | cancelled
  go text collate "C",                   -- on | met | late: what a member said
  cause jsonb not null,                  -- {root, depth, budget?}
  since timestamptz not null,
  primary key (run, rule)
) with (fillfactor = 90);
create index if not exists wait_record on {t}.wait (record);
-- A run goes on after a wait as a further row: `head` is the event of its first. `settled`: what a member decided about a failed or parked one.
alter table {t}.run add column if not exists head bigint;
alter table {t}.run add column if not exists settled text collate "C";
create index if not exists run_head on {t}.run (head) where head is not null;
