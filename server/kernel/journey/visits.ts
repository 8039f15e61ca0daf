import { kernelContext } from '#kernel/access'
import { metadataOf, type Metadata } from '#kernel/metadata'
import { writeOrRefuse, type Intent, type Values } from '#kernel/records'
import type { Form } from '#language/definitions'
import type { Tx } from '#platform/db'

/** What a page reports of its visitor. `seconds` counts dwell; `material` names a download offered by the form. */
export interface Visit { kind: 'view' | 'dwell' | 'return' | 'download'; page: string | null; seconds: number | null; material: string | null }

/** A submission that says who a visitor is. `submitted`: it joined a record already there, so it is itself worth a line in that record's story. */
export interface Claim { form: Form; visitor: string | null; subject: { object: string; id: string }; submitted: { page: string | null } | null }

type Behaviour = NonNullable<Form['behaviour']>

/**
 * Record what a visitor did. Once the visitor has said who they are it becomes a record at once; until then it waits under the visitor.
 * Nothing is kept for forms without a behaviour object.
 */
export async function recordVisit(tx: Tx, form: Form, visitor: string, visit: Visit, nextId: () => string): Promise<void> {
  if (!form.behaviour) return
  const [known] = await tx.query<{ object: string | null; record: string | null }>(SEEN, [visitor, form.key, tx.now], { name: 'journey.seen' })
  if (known?.object && known.record) await writeVisit(tx, form, form.behaviour, { object: known.object, id: known.record }, visitor, visit)
  else await tx.query(WAIT, [visitor, tx.now, nextId(), form.key, visit.kind, visit.page, visit.seconds, visit.material], { name: 'journey.wait' })
}

const SEEN = `insert into {t}.visitor as v (id, form, first_seen_at, seen_at) values ($1, $2, $3, $3)
  on conflict (id) do update set seen_at = excluded.seen_at returning v.object, v.record`
const WAIT = 'insert into {t}.visitor_event (visitor, at, id, form, kind, page, seconds, material) values ($1, $2, $3, $4, $5, $6, $7, $8)'

async function writeVisit(tx: Tx, form: Form, behaviour: Behaviour, subject: { object: string; id: string }, visitor: string, visit: Visit): Promise<void> {
  const ctx = await kernelContext(tx, { kind: 'source', form: form.key }, { kind: 'source', form: form.key })
  const intent = visitIntent(ctx.metadata, behaviour, subject, { ...visit, visitor, at: tx.now })
  if (intent) await writeOrRefuse(ctx, [intent])
}

type KeptVisit = Omit<Visit, 'kind'> & { kind: Visit['kind'] | 'submit'; visitor: string | null; at: Date }

/**
 * Take what visitors did before they said who they are, as creates of the form's behaviour object at the instants of then.
 * The visitors are bound to their subjects: later visits become records directly. Two statements, none without visitors.
 */
export async function claimVisits(tx: Tx, claims: readonly Claim[]): Promise<Intent[][]> {
  const metadata = await metadataOf(tx)
  const kept = await takeKept(tx, claims)
  return claims.map(({ form, visitor, subject, submitted }) => {
    const visits: KeptVisit[] = [...kept.get(visitor) ?? [], ...(submitted ? [{ kind: 'submit' as const, page: submitted.page, seconds: null, material: null, visitor, at: tx.now }] : [])]
    return visits.flatMap((visit) => visitIntent(metadata, form.behaviour!, subject, visit) ?? [])
  })
}

async function takeKept(tx: Tx, claims: readonly Claim[]): Promise<Map<string | null, KeptVisit[]>> {
  const known = claims.filter(({ visitor }) => visitor !== null)
  if (known.length === 0) return new Map()
  await tx.query(BIND, [JSON.stringify(known.map(({ form, visitor, subject }) => ({ id: visitor, form: form.key, object: subject.object, record: subject.id }))), tx.now], { name: 'journey.bind' })
  const kept = await tx.query<KeptVisit>(TAKE, [known.map(({ visitor }) => visitor)], { name: 'journey.take' })
  return Map.groupBy(kept.sort((a, b) => a.at.getTime() - b.at.getTime()).slice(-MOST), ({ visitor }) => visitor)
}

/** Older visits of one claim are dropped: the newest tell the story. */
const MOST = 500
const BIND = `insert into {t}.visitor as v (id, form, object, record, first_seen_at, seen_at)
  select distinct on (id) id, form, object, record, $2::timestamptz, $2::timestamptz from json_to_recordset($1::json) as c(id uuid, form text, object text, record uuid) order by id
  on conflict (id) do update set object = excluded.object, record = excluded.record, seen_at = excluded.seen_at`
const TAKE = 'delete from {t}.visitor_event where visitor = any($1::uuid[]) returning visitor, at, kind, page, seconds, material'

/** Null when the object has no word for this kind of visit. */
function visitIntent(metadata: Metadata, names: Behaviour, subject: { object: string; id: string }, { kind, page, seconds, material, at, visitor }: KeptVisit): Intent | null {
  const object = metadata.objects.get(names.object)
  const kinds = metadata.dictionaries.get(object?.field.get(names.kind)?.dictionary ?? '')
  if (!object || (kinds && !kinds.byKey.has(kind))) return null
  const values: Values = { [names.subject]: subjectValue(object.field.get(names.subject)?.kind, subject), [names.kind]: kind, [names.at]: at.toISOString(),
    ...(visitor ? { [names.visitor]: visitor } : {}),
    ...(page ? { [names.page]: page } : {}), ...(seconds === null ? {} : { [names.seconds]: seconds }), ...(material ? { [names.material]: material } : {}) }
  return { op: 'create', object: names.object, values: Object.fromEntries(Object.entries(values).filter(([field]) => object.field.has(field))) }
}

const subjectValue = (kind: string | undefined, subject: { object: string; id: string }): unknown => (kind === 'anyReference' ? subject : subject.id)
