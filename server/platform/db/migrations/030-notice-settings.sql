-- How members want to be told: kinds, mail, quiet hours, a daily mail.
alter table {t}.notification
  add column if not exists family text collate "C" not null default 'other',
  add column if not exists shown boolean not null default true,
  add column if not exists mail_at timestamptz;
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
  settings jsonb not null,
  digest_at timestamptz
);
create index if not exists notice_digest on {t}.notice_setting (digest_at) where digest_at is not null;
