-- Files: what was uploaded, where it has stood, and the attachments of every object.
create table if not exists {t}.file (
  id uuid primary key,
  sha256 bytea not null,                 -- names the content in the file store; several rows may share one
  name text not null,
  type text collate "C" not null,        -- by its first bytes, not by the sender's word
  bytes bigint not null,
  uploaded_by int not null,
  uploaded_at timestamptz not null,      -- real database time: orphans are swept by it
  scan text collate "C" not null,        -- unscanned | clean | infected
  scanned_at timestamptz
);
create index if not exists file_content on {t}.file (sha256);
create index if not exists file_unscanned on {t}.file (uploaded_at) where scan = 'unscanned';

-- Every place in which a file has stood; a file with none is an orphan and leaves after a day.
create table if not exists {t}.file_use (
  file uuid not null,
  object text collate "C" not null,
  record uuid not null,
  field text collate "C" not null,
  at timestamptz not null,
  primary key (file, record, field)
);

do $files$
declare object_table regclass;
begin
  for object_table in select c.oid::regclass from pg_class c where c.relnamespace = (select relnamespace from pg_class where oid = '{t}.state'::regclass) and c.relkind in ('r', 'p') and c.relname like 'o\_%' loop
    execute format('alter table %s add column if not exists attachments uuid[]', object_table);
  end loop;
end $files$;
