-- How members want to be told: kinds, mail, quiet hours, a daily mail.
alter table {t}.notification
  add column if not exists family text collate "C" not null default 'other',   -- how members sort and switch it: NOTICE_KINDS
  add column if not exists shown boolean not null default true,                -- false: its member does not want this kind inside the product
  add column if not exists mail_at timestamptz;                              -- business time at which it may leave as mail; null: it does not, or has
update {t}.notification set family = case
  when kind in ('assigned', 'transferred', 'handover') or kind like 'new\_%' then 'assigned'
  when kind in ('escalated', 'escalation', 'red_alert', 'nobody_available') then 'escalated'
  when kind like '%reminder' then 'reminder'
  when kind = 'mention' then 'mention'
  when kind = 'followed_comment' then 'comment'
  when kind = 'followed_change' then 'follow'
  when kind = 'unlock' then 'approval'
  when kind = 'risk' then 'audit'
  when kind = 'parked' then 'system'
  else 'other' end where family = 'other';
create index if not exists notification_mail on {t}.notification (mail_at) where mail_at is not null;

create table if not exists {t}.notice_setting (
  member int primary key,
  settings jsonb not null,               -- NoticeSettings
  digest_at timestamptz                  -- business time of the next daily mail; null: none is wanted
);
create index if not exists notice_digest on {t}.notice_setting (digest_at) where digest_at is not null;
