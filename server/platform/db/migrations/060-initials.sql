-- Text that is searched is found by the initials of its pinyin too: a column beside it. The next start fills it and then indexes it.
do $$
declare f record;
begin
  for f in select c.oid::regclass as name, format('f_%s__initials', field ->> 'key') as column
    from {t}.definition d cross join jsonb_array_elements(d.body -> 'fields') field
    join pg_class c on c.relnamespace = to_regnamespace('{t}') and c.relkind in ('r', 'p') and c.relname = 'o_' || d.key
    where d.kind = 'object' and field ->> 'kind' = 'text' and field -> 'searchable' = 'true'
  loop
    execute format('alter table %s add column if not exists %I text collate "C"', f.name, f.column);
  end loop;
end $$;
