-- What a member typed about a record and has not sent (server/kernel/drafts): one open draft of a kind at a time; what was given up stays for 90 days.
create table if not exists {t}.draft (
  id uuid primary key,
  member int not null,
  object text collate "C" not null,
  record uuid not null,
  kind text collate "C" not null,        -- comment, activity
  text text not null,                    -- the words
  more jsonb,                            -- what was chosen beside them
  begun_at timestamptz not null,
  saved_at timestamptz not null,
  given_up_at timestamptz                -- null: still open
);
create unique index if not exists draft_open on {t}.draft (member, record, kind) where given_up_at is null;
create index if not exists draft_record on {t}.draft (record);
