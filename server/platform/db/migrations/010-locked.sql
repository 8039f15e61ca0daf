-- Records can be locked: a base column of every object table that was made before.
do $$
declare t record;
begin
  for t in select c.oid::regclass as name from pg_class c where c.relnamespace = to_regnamespace('{t}') and c.relkind in ('r', 'p') and c.relname like 'o\_%' loop
    execute format('alter table %s add column if not exists locked boolean', t.name);
  end loop;
end $$;
