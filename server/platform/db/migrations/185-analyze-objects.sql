-- Records have an index of pairs of characters for each text that is searched, and every analysis of a growing table reckons them all for thirty
-- thousand rows, while forms come in and wait for it. Four tenths more rows, not one tenth, are worth another look; so are those of what is told beside them.
do $$
declare name text;
begin
  for name in select format('%I.%I', nspname, relname) from pg_class join pg_namespace n on n.oid = relnamespace where n.oid = '{t}'::regnamespace and relkind = 'r' and relname like 'o\_%' loop
    execute format('alter table %s set (autovacuum_analyze_scale_factor = 0.4)', name);
  end loop;
end $$;
alter table {t}.act set (autovacuum_analyze_scale_factor = 0.5);
alter table {t}.timeline set (autovacuum_analyze_scale_factor = 0.5);
alter table {t}.decision set (autovacuum_analyze_scale_factor = 0.5);
alter table {t}.notification set (autovacuum_analyze_scale_factor = 0.5);
