-- What was brought in from another workspace: the file as it came is what the next one from there is compared with.
create table if not exists {t}.configuration_import (
  id int generated always as identity primary key,
  act bigint,                            -- act.id of what it published; null: nothing
  at timestamptz not null,
  member int,                            -- null: from the command line
  name text not null,                    -- of the file
  workspace text collate "C" not null,   -- where it was exported
  n int not null,                        -- definitions that changed
  file jsonb not null,
  undone_at timestamptz,
  undone_by int
);
create index if not exists configuration_import_from on {t}.configuration_import (workspace, id);
