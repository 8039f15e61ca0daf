-- What somebody decided last about a run as a whole: the change in the log that says who, when and why.
alter table {t}.run add column if not exists decided bigint;
