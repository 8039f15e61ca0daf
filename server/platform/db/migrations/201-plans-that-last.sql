-- Whenever a table is analysed or vacuumed, every connection plans all its statements over it anew, also while somebody waits for them. Small tables that
-- change all the time are read by their keys, whatever their statistics say: they were looked at every five seconds for nothing.
alter table {t}.member_load set (autovacuum_vacuum_threshold = 1000, autovacuum_analyze_threshold = 10000);
alter table {t}.unsealed set (autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);
alter table {t}.todo set (autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);
alter table {t}.answered set (autovacuum_analyze_scale_factor = 0.5, autovacuum_analyze_threshold = 5000);
-- Of what only grows, half as many rows more are worth a look.
alter table {t}.assignment set (autovacuum_analyze_scale_factor = 0.5, autovacuum_analyze_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0.5);
alter table {t}.change set (autovacuum_analyze_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0.5);
alter table {t}.act set (autovacuum_analyze_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0.5);
alter table {t}.run set (autovacuum_analyze_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0.5);
alter table {t}.decision set (autovacuum_analyze_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0.5);
alter table {t}.timeline set (autovacuum_analyze_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0.5);
alter table {t}.notification set (autovacuum_analyze_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0.5);
do $$
declare name text;
begin
  for name in select format('%I.%I', nspname, relname) from pg_class join pg_namespace n on n.oid = relnamespace where n.oid = '{t}'::regnamespace and relkind = 'r' and relname like 'o\_%' loop
    execute format('alter table %s set (autovacuum_analyze_scale_factor = 1, autovacuum_analyze_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0.5)', name);
  end loop;
end $$;
-- Queues run empty again and again: giving their last pages back takes a lock that keeps everybody waiting, and they are needed again at once.
alter table {t}.todo set (vacuum_truncate = false);
alter table {t}.timer set (vacuum_truncate = false);
alter table {t}.outbox set (vacuum_truncate = false);
alter table {t}.unsealed set (vacuum_truncate = false);
