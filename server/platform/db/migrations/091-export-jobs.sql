-- Large lists that are made ready in the background, and kept for their maker for a week.
create table if not exists {t}.export_job (
  no bigint primary key,                 -- of the export, whose row stands in the ledger first
  query jsonb not null,                  -- which rows, in which order, with which columns
  facts jsonb not null,                  -- of the request that asked for it: address, device, language
  name text not null,                    -- of the file
  mark text not null,                    -- what every row of it carries
  state text collate "C" not null,       -- waiting | running | done | failed | cancelled | gone
  done int not null default 0,           -- rows made so far
  attempts smallint not null default 0,
  trouble text,
  sha256 bytea,                          -- of the file, once it is whole
  bytes bigint,
  taken int not null default 0,          -- downloads
  ended_at timestamptz,
  worker uuid,                           -- who is at it, and until when nobody else is (real time)
  leased_until timestamptz
);
create index if not exists export_job_active on {t}.export_job (no) where state in ('waiting', 'running');
create index if not exists export_at on {t}.export (member, no desc);
