-- How often a process has ended with the timer in hand; counted by the next one.
alter table {t}.timer add column if not exists attempts smallint not null default 0;
