-- A channel that was missing was tried once a minute, and each time counted and noted: what waits for one begins again with the attempts that were made.
delete from {t}.delivery d using {t}.outbox o where o.state = 'ready' and d.key = o.key and d.result = 'missing';
update {t}.outbox o set attempts = (select count(*) from {t}.delivery d where d.key = o.key), lease_until = null where o.state = 'ready' and attempts > 12;
alter table {t}.outbox alter column attempts type int;
alter table {t}.delivery alter column attempt type int;
