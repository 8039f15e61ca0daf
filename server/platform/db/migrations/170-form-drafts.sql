-- A draft may also be of a form (server/kernel/drafts/forms.ts): kinds create (record: what it is made for, else all zeros) and edit; `vals`: by field.
alter table {t}.draft add column if not exists vals jsonb;
drop index if exists {t}.draft_open;
create unique index draft_open on {t}.draft (member, object, record, kind) where given_up_at is null;
