-- What a solution installed, where the definition in force is that merged with the tenant's own changes.
alter table {t}.definition add column base jsonb;
