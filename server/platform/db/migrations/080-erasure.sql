-- People whose data are to be erased: asked for by one, agreed to by another, and what became of it.
create table if not exists {t}.erasure (
  id uuid primary key,
  object text collate "C" not null,      -- where it was asked for
  record uuid not null,
  records jsonb not null,                -- [{object, id}]: the records that stand for this person
  everywhere boolean not null,           -- the name is looked for in the whole tenant, not only near these records
  reason text,                           -- how the person asked, and how it was made sure who they are
  asked_by int not null,
  asked_at timestamptz not null,
  ip text,
  agent text,
  state text collate "C" not null default 'waiting',   -- waiting | agreed | refused | withdrawn | done
  decided_by int,
  decided_at timestamptz,
  decision text,
  act bigint,                            -- what erased them
  counts jsonb,                          -- how much of each kind went
  trouble text,                          -- why the last attempt failed
  done_at timestamptz
) with (fillfactor = 80);
create index if not exists erasure_asked on {t}.erasure (asked_at desc);
create index if not exists erasure_agreed on {t}.erasure (decided_at) where state = 'agreed';

-- Records of erased people that keep their place because others hang on them, or are gone for good.
create table if not exists {t}.erased_record (
  record uuid primary key,
  object text collate "C" not null,
  act bigint not null
);

-- Acts whose words were erased: their leaf stands, but can no longer be made again. `by`: the act that erased them.
create table if not exists {t}.seal_erased_act (
  act bigint primary key,
  by bigint not null
);

-- Requests about personal data had no right of their own: who looks after the installation's settings looks after them.
with given as (
  update {t}.definition set body = jsonb_set(body, '{rights}', body -> 'rights' || '["personal"]')
    where kind = 'role' and body -> 'rights' ? 'settings' and not body -> 'rights' ? 'personal' returning 1
)
update {t}.state set epoch = epoch + 1 where exists (select from given);
