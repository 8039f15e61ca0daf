-- The provider's own name of the session (sid), by which it tells that somebody has left (OpenID Connect Back-Channel Logout 1.0).
alter table {t}.session add column if not exists sid text collate "C";
alter table {t}.sign_in_opening add column if not exists sid text collate "C";
create index if not exists session_provider on {t}.session (provider, sid) where provider is not null;

-- Notices of a provider that were heard: each counts once. Real database time.
create table if not exists {t}.sign_out_heard (
  provider int not null,
  notice bytea not null,                 -- sha256 of its jti
  expires_at timestamptz not null,
  primary key (provider, notice)
);
