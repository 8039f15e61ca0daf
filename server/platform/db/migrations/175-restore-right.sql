-- Taking back what others did became a right of its own. Who holds every right that decides over others' rights could give it to themselves anyway: they keep it.
-- Nobody else gets it by this: it puts back fields that its holder may not type or read, and who may do so is for those to say who look after the roles.
with given as (
  update {t}.definition set body = jsonb_set(body, '{rights}', body -> 'rights' || '["restore"]')
    where kind = 'role' and body -> 'rights' ?& array['definitions', 'members', 'rules', 'assignment', 'forms', 'intake', 'audit', 'settings'] and not body -> 'rights' ? 'restore' returning 1
)
update {t}.state set epoch = epoch + 1 where exists (select from given);
