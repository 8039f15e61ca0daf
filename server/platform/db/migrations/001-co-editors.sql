-- Collaborators who may also change a record stand in a column of their own.
do $$
declare found record;
begin
  for found in select c.oid::regclass as name from pg_class c where c.relnamespace = '{t}'::regnamespace and c.relkind = 'r' and c.relname like 'o\_%'
  loop
    execute format('alter table %s add column if not exists co_editors integer[] not null default %L', found.name, '{}');
  end loop;
end $$;
