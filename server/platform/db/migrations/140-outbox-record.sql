-- Which record a message to the outside is about, so that its state can be told there.
alter table {t}.outbox add column if not exists object text collate "C";
alter table {t}.outbox add column if not exists record uuid;
update {t}.outbox set object = body #>> '{payload,record,object}', record = (body #>> '{payload,record,id}')::uuid where record is null and channel = 'webhook' and body #>> '{payload,record,id}' is not null;
create index if not exists outbox_record on {t}.outbox (record, id) where record is not null;
