-- A run may go several ways at once: `branch` is the path of the one that stands here, e.g. 2.b1; empty: the run itself. New kinds: begin | join; new state: dismissed.
alter table {t}.wait add column if not exists branch text collate "C" not null default '';
alter table {t}.wait drop constraint if exists wait_pkey;
alter table {t}.wait add constraint wait_pkey primary key (run, rule, branch);
