-- Signing in with the company's own account (OpenID Connect). Real database time.
create table if not exists {t}.sign_in_provider (
  id int generated always as identity primary key,
  key text collate "C" not null unique,  -- stands in the address to which the provider sends people back
  name text not null,
  issuer text not null,
  client_id text not null,
  secret bytea,                          -- the client's; null: a public client
  domains text[] not null default '{}',  -- of e-mail addresses that are let in; empty: any
  admits text collate "C" not null,      -- matched: members only | created: whoever comes becomes one
  role text collate "C",                 -- of those who are created
  team int,
  ends boolean not null default false,   -- signing out here ends the provider's session as well
  active boolean not null,
  made_at timestamptz not null
);

-- Whom a provider's subject stands for: the first time found by a verified address, from then on by the subject.
create table if not exists {t}.sign_in_identity (
  provider int not null,
  subject text collate "C" not null,
  member int not null,
  linked_at timestamptz not null,
  primary key (provider, subject),
  unique (provider, member)
);

-- Somebody is on the way to a provider and back. Good once, for ten minutes, in one browser.
create table if not exists {t}.sign_in_opening (
  state bytea primary key,               -- hashes, as of the browser
  browser bytea not null,
  provider int not null,
  nonce text not null,
  verifier text not null,
  redirect text not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  member int,                            -- proven; only their second factor is missing
  hint text
);
create index if not exists sign_in_opening_expires on {t}.sign_in_opening (expires_at);

-- By which provider a session came about, and its id_token, to end the provider's session with.
alter table {t}.session add column if not exists provider int, add column if not exists hint text;
