-- The directory of one database: which tenants live here, which files have been applied, what their schemas share.
-- Applied by migrate() before anything else; every statement may be repeated.
create schema if not exists nextmove;

create table if not exists nextmove.tenant (
  id int generated always as identity primary key,
  key text collate "C" not null unique,
  name text not null,
  schema text collate "C" not null unique,
  -- Null: this database. Another name when tenants are spread over databases.
  database text collate "C",
  zone text not null default 'Asia/Shanghai',
  state text collate "C" not null default 'active' check (state in ('active', 'suspended')),
  -- Raised by every restore: part of every signature and cursor key.
  incarnation int not null default 1,
  -- Business time = clock_timestamp() + this. Zero outside tests and demonstrations; only ever grows.
  clock_offset_ms bigint not null default 0 check (clock_offset_ms >= 0),
  demo boolean not null default false,
  created_at timestamptz not null
) with (fillfactor = 70);

create table if not exists nextmove.migration (
  schema text collate "C" not null,
  name text collate "C" not null,
  at timestamptz not null,
  primary key (schema, name)
);

-- The pairs of neighbouring characters of a text, for search by two Chinese characters or more.
-- An index is built on it: its body must never change without a reindex. ASCII is folded to lower case, nothing else.
create or replace function nextmove.bigrams(t text) returns tsvector
language plpgsql immutable strict parallel safe as $$
declare
  a text[] := string_to_array(lower(left(t, 20000) collate "C"), null);
  r text[] := '{}';
begin
  for i in 1 .. cardinality(a) - 1 loop
    r[i] := a[i] || a[i + 1];
  end loop;
  return array_to_tsvector(r);
end $$;

-- a ÷ b, half up in the tenth place whatever the scale of its sides; nothing where b is zero. As language/values/exact.ts has it.
create or replace function nextmove.quotient(a numeric, b numeric) returns numeric
language sql immutable strict parallel safe as $$
  select case when b <> 0 then sign(a) * sign(b) * div(abs(a) * 20000000000 + abs(b), 2 * abs(b)) * 0.0000000001 end
$$;

-- As whom the server works: it owns the tenants' tables but for the log, to which it can only add (guard.sql).
-- Roles belong to the whole cluster: another database may be making it at this moment, and a given account may not be allowed to.
do $role$
begin
  if not exists (select from pg_roles where rolname = 'nextmove_app') then
    create role nextmove_app nologin;
  end if;
  if not pg_has_role(current_user, 'nextmove_app', 'member') then
    execute format('grant nextmove_app to %I', current_user);
  end if;
exception when insufficient_privilege or duplicate_object or unique_violation then null;
end $role$;
do $stats$
begin
  if not pg_has_role('nextmove_app', 'pg_read_all_stats', 'member') then
    grant pg_read_all_stats to nextmove_app;
  end if;
exception when insufficient_privilege or undefined_object or internal_error then null;
end $stats$;
do $rights$
begin
  if exists (select from pg_roles where rolname = 'nextmove_app') and pg_has_role(current_user, 'nextmove_app', 'member') then
    execute format('grant create, temporary on database %I to nextmove_app', current_database());
    grant usage on schema nextmove to nextmove_app;
    grant select, insert, update, delete on nextmove.tenant, nextmove.migration to nextmove_app;
  end if;
end $rights$;
