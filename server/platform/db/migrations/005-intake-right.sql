-- What waits of the forms had no right of its own: who looks after the installation's settings looks after it.
with given as (
  update {t}.definition set body = jsonb_set(body, '{rights}', body -> 'rights' || '["intake"]')
    where kind = 'role' and body -> 'rights' ? 'settings' and not body -> 'rights' ? 'intake' returning 1
)
update {t}.state set epoch = epoch + 1 where exists (select from given);
