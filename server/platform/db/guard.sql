-- Who may do what in a tenant's schema: everything but rewriting what has been said. Applied by migrate() and for every new tenant; may be repeated.
-- The server works as nextmove_app, which adds to the log and its seal and can neither change nor remove a row of them. Where no such role can be
-- made (a given PostgreSQL whose account may not), the account itself gives the right up.
do $guard$
declare
  log constant text[] := array['act', 'change', 'seal_leaf', 'seal_block', 'seal_salt', 'seal_erased', 'seal_erased_act'];
  shared boolean := exists (select from pg_roles where rolname = 'nextmove_app') and pg_has_role(current_user, 'nextmove_app', 'member');
  each record;
begin
  if not shared then
    for each in select unnest(log) as name loop
      execute format('revoke update, delete, truncate on {t}.%I from %I', each.name, current_user);
    end loop;
    return;
  end if;
  grant usage, create on schema {t} to nextmove_app;
  for each in
    select c.relname as name, c.relkind as kind from pg_class c
    where c.relnamespace = (select relnamespace from pg_class where oid = '{t}.state'::regclass) and c.relkind in ('r', 'p', 'S')
      and c.relowner <> (select oid from pg_roles where rolname = 'nextmove_app') and c.relname <> all (log)
      -- A column's own sequence goes with its table.
      and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype in ('i', 'a'))
  loop
    execute format('alter %s {t}.%I owner to nextmove_app', case each.kind when 'S' then 'sequence' else 'table' end, each.name);
  end loop;
  for each in select unnest(log) as name loop
    execute format('grant select, insert on {t}.%I to nextmove_app', each.name);
  end loop;
end $guard$;
