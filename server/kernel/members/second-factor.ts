/** One of member `m`'s roles asks for a second factor. */
export const NEEDED = `exists (select from {t}.definition d where d.kind = 'role' and d.key = any(m.roles) and d.body -> 'secondFactor' = 'true')`
export const ENROLLED = 'exists (select from {t}.two_factor f where f.member = m.id and f.confirmed_at is not null)'
/** … and there is none yet. */
export const MUST_ENROLL = `(${NEEDED} and not ${ENROLLED})`
