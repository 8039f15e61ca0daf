-- What a run asks somebody's word for. `state` null: it waits, as long as its run stands at this step.
create table if not exists {t}.approval (
  id uuid primary key,
  run bigint not null,                   -- the event of the run's first part
  rule text collate "C" not null,
  version int not null,
  path text collate "C" not null,        -- of the step
  object text collate "C" not null,
  record uuid not null,
  asked int[] not null,                  -- member.id; whoever stands in for them may answer too
  said jsonb not null,                   -- {member: {title, body}}, rendered with their rights
  asked_at timestamptz not null,
  due_at timestamptz not null,
  state text collate "C",                -- approved | refused
  decided_by int,
  decided_at timestamptz,
  reason text
);
create index if not exists approval_asked on {t}.approval using gin (asked);
create index if not exists approval_run on {t}.approval (run, rule);
create index if not exists approval_record on {t}.approval (record);
