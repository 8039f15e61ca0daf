-- Files of records that members brought in: how they are read, how far it has come, and their rows for a while.
create table if not exists {t}.import (
  id uuid primary key,
  object text collate "C" not null,
  member int not null,                   -- whose rights count
  at timestamptz not null,
  file text not null,
  format text collate "C" not null,      -- xlsx | csv
  heads jsonb not null,                  -- what the columns are called, in the order of the file
  rows int not null,
  mapping jsonb not null,                -- field key or null for each column
  options jsonb not null,
  facts jsonb not null,                  -- of the request that began it: address, device, language
  state text collate "C" not null,       -- draft | checking | checked | running | done | cancelled | failed | undoing | undone
  reached int not null default 0,        -- number of the last row of the sheet that has been handled
  handled int not null default 0,        -- rows handled in this state
  created int not null default 0,
  updated int not null default 0,
  skipped int not null default 0,
  refused int not null default 0,
  acts bigint[] not null default '{}',   -- one per batch that was written, in order
  undone int not null default 0,         -- of them, from the last one
  reverted int not null default 0,       -- records taken back
  kept int not null default 0,           -- records that the undo left as they are
  trouble text,
  begun_at timestamptz,
  ended_at timestamptz,
  undone_by int,
  undone_at timestamptz,
  worker uuid,                           -- who is at it, and until when nobody else is (real time)
  leased_until timestamptz
);
create index if not exists import_at on {t}.import (at desc);
create index if not exists import_active on {t}.import (state) where state in ('checking', 'running', 'undoing');

create table if not exists {t}.import_row (
  import uuid not null,
  n int not null,                        -- its number in the sheet
  cells jsonb not null,                  -- texts, as long as the heads
  outcome text collate "C",              -- create | update | skip | refuse, as foreseen or as it was
  record uuid,
  reasons jsonb,                         -- [{head, text}]
  kept jsonb,                            -- what the undo left: {fields, text}
  primary key (import, n)
);
create index if not exists import_row_record on {t}.import_row (import, record) where record is not null;
