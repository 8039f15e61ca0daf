-- The seal of the log: by which key a block was signed, what hides a person's values in it, and what was erased.
alter table {t}.seal_block add column if not exists key text collate "C";      -- fingerprint of the public key

-- From `since` (change.seq) on the changes of this record are sealed by hash(salt, values): without its salt nobody can guess them back.
create table if not exists {t}.seal_salt (
  record uuid primary key,
  salt bytea not null,
  since bigint not null
);

-- Changes whose values were erased: what their leaf was made of, and the act that erased them.
create table if not exists {t}.seal_erased (
  seq bigint primary key,
  commitment bytea not null,
  act bigint not null
);

create index if not exists seal_block_last on {t}.seal_block (last_position);
