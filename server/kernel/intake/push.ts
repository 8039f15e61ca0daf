import { Refused, refuse } from '#contract'
import { kernelContext, type Actor, type Cause, type Context } from '#kernel/access'
import { metadataOf, type PublishedRule } from '#kernel/metadata'
import { write, type Intent, type Values } from '#kernel/records'
import { columnName } from '#language/conditions'
import type { Database, Tenant, Tx } from '#platform/db'
import { keepRaw, type Kept } from './keep.ts'
import type { IntakePorts } from './ports.ts'
import { readPushed, scalarAt, taken, type PushTrigger, type Scalar } from './pushed.ts'

/** What another system has sent to a rule's address, its sender known. */
export interface Push { rule: string; body: unknown; raw: string; contentType: string | null; ip: string | null; agent: string | null; request: string }
/** `kept`: the rule is off, so it serves as a sample only. `ignored`: it speaks of a record that is not there. */
export interface PushAnswer { id: string; status: 'created' | 'updated' | 'ignored' | 'kept' }

export interface PushPorts extends Pick<IntakePorts, 'resolveContacts' | 'nextId'> {
  /** The rule answers it, in the transaction of `ctx`. */
  ring(ctx: Context, pushed: { rule: string; object: string; record: string; pushed: { id: string; values: Readonly<Record<string, Scalar>> } }): Promise<void>
}

/** The name under which what came to a rule's address is kept. */
export const pushedTo = (rule: string): string => `push:${rule}`

/**
 * Finds or makes the record that it speaks of, writes what was taken, and has the rule answer: one transaction, through the write path. What is refused
 * is kept with its reason, and the refusal thrown. Two that bring the same new record at once make it once.
 */
export async function receivePush(db: Database, tenant: Tenant, push: Push, ports: PushPorts): Promise<PushAnswer> {
  try {
    return await twice(() => db.mutate(tenant, (tx) => carry(tx, push, ports)))
  } catch (error) {
    if (error instanceof Refused) await db.mutate(tenant, (tx) => keepRaw(tx, [keptOf(push, { id: ports.nextId(), object: null, status: 'refused', reason: reasonOf(error), record: null })]))
    throw error
  }
}

async function twice<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refused && error.refusal.code === 'VALUE_DUPLICATE') return work()
    throw error
  }
}

/** Somebody who could not show who they are: no word of theirs is kept. */
export const refusePush = (db: Database, tenant: Tenant, push: Omit<Push, 'raw' | 'body'>, reason: string, id: string): Promise<void> =>
  db.mutate(tenant, (tx) => keepRaw(tx, [keptOf({ ...push, raw: '' }, { id, object: null, status: 'refused', reason, record: null })]))

const reasonOf = ({ refusal: { code, path } }: Refused): string => [code, path].filter(Boolean).join(' ')

function keptOf({ rule, ip, agent, contentType, raw }: Omit<Push, 'body'>, rest: Pick<Kept, 'id' | 'status' | 'reason' | 'record'> & { object: string | null }): Kept {
  return { form: pushedTo(rule), ip, agent, contentType, body: raw, ...rest, object: rest.object ?? '' }
}

async function carry(tx: Tx, push: Push, ports: PushPorts): Promise<PushAnswer> {
  const metadata = await metadataOf(tx)
  const rule = metadata.rules.get(push.rule)
  const [id, trigger] = [ports.nextId(), rule?.trigger]
  if (!rule || trigger?.on !== 'pushed') throw new Refused(refuse('NOT_FOUND'))
  const keep = (status: Kept['status'], record: string | null, reason: string | null) => keepRaw(tx, [keptOf(push, { id, object: trigger.object, status, reason, record })])
  if (rule.state !== 'active') { await keep('refused', null, 'off'); return { id, status: 'kept' } }
  const ctx = await kernelContext(tx, ...causeOf(rule))
  const spoken = spokenOf(ctx, trigger, push.body)
  const { record, isNew } = await find(ctx, trigger, { spoken, made: ports.nextId(), ports })
  if (record === null) { await keep('refused', null, 'no_record'); return { id, status: 'ignored' } }
  const { values, unread } = readAll(ctx, trigger, push.body)
  const born = isNew && trigger.match.field !== 'id' ? { [trigger.match.field]: spoken, ...await intoExisting(ctx, trigger, spoken) } : {}
  await keep('accepted', record, unread.join('; ') || null)
  await writeIt(ctx, push, { op: isNew ? 'create' : 'update', object: trigger.object, id: record, values: { ...born, ...values } })
  await ports.ring(ctx, { rule: rule.key, object: trigger.object, record, pushed: { id, values: taken(trigger, push.body) } })
  return { id, status: isNew ? 'created' : 'updated' }
}

const causeOf = ({ key }: PublishedRule): [Actor, Cause] => [{ kind: 'source', form: pushedTo(key) }, { kind: 'source', form: pushedTo(key) }]

/** What it calls the record by, as the field writes it. */
function spokenOf({ metadata }: Context, { object, match }: PushTrigger, body: unknown): string {
  const given = scalarAt(body, match.from)
  const field = metadata.objects.get(object)?.field.get(match.field)
  const unreadable = (reason: string): never => { throw new Refused(refuse('PUSH_UNREADABLE', match.from, { path: match.from, reason })) }
  if (given === undefined || given === '') return unreadable('empty')
  if (match.field === 'id') return /^[0-9a-f-]{36}$/i.test(String(given)) ? String(given).toLowerCase() : unreadable('not_an_id')
  if (!field) return unreadable('no_field')
  const read = readPushed(metadata, field, given)
  return read.ok ? String(read.values[match.field]) : unreadable(read.reason)
}

interface Wanted { spoken: string; made: string; ports: PushPorts }

/** The newest living record that is called so. Who shares a contact point with others waits for them first. */
async function find({ tx, metadata }: Context, { object, match, missing }: PushTrigger, { spoken, made, ports }: Wanted): Promise<{ record: string | null; isNew: boolean }> {
  const { table, field } = metadata.objects.get(object)!
  const kind = field.get(match.field)?.kind
  if (missing === 'create' && (kind === 'phone' || kind === 'email')) await ports.resolveContacts(tx, object, [{ kind, value: spoken, record: made }])
  const column = match.field === 'id' ? 'id' : columnName(match.field)
  const [known] = await tx.query<{ id: string }>(`select id from ${table} where ${column} = $1 and gone_act is null order by created_at desc limit 1`, [spoken], { name: 'find pushed' })
  return known ? { record: known.id, isNew: false } : { record: missing === 'create' ? made : null, isNew: missing === 'create' }
}

/** References to the newest record of other objects that is called so. A statement for each. */
async function intoExisting({ tx, metadata }: Context, { existing = [] }: PushTrigger, spoken: string): Promise<Values> {
  const found: Values = {}
  for (const { object, field, into } of existing) {
    const [known] = await tx.query<{ id: string }>(`select id from ${metadata.objects.get(object)!.table} where ${columnName(field)} = $1 and gone_act is null order by created_at desc limit 1`, [spoken], { name: `find pushed in ${object}.${field}` })
    if (known) found[into] = known.id
  }
  return found
}

/** What the record takes over; what no field can hold is set aside and named. */
function readAll({ metadata }: Context, { object, values: picks }: PushTrigger, body: unknown): { values: Values; unread: string[] } {
  const [values, unread]: [Values, string[]] = [{}, []]
  for (const { from, field: key } of picks) {
    const [given, field] = [scalarAt(body, from), key === undefined ? undefined : metadata.objects.get(object)?.field.get(key)]
    if (given === undefined || given === '' || !field) continue
    const read = readPushed(metadata, field, given)
    if (read.ok) Object.assign(values, read.values)
    else unread.push(`${from}: ${read.reason}`)
  }
  return { values, unread }
}

async function writeIt(ctx: Context, { ip, agent, request }: Push, intent: { op: 'create' | 'update'; object: string; id: string; values: Values }): Promise<void> {
  const written = await write(ctx, [{ ...intent, act: 0 } as Intent], { acts: [{ actor: ctx.actor, cause: ctx.cause, ip, agent, request }] })
  if (!written.ok) throw new Refused(written.refusals[0]!.refusal)
}

/** What came to the address of a rule, newest first. One statement. */
export const pushesTo = (tx: Tx, rule: string, limit: number): Promise<{ id: string; at: Date; status: string; reason: string | null; body: string; record: string | null; ip: string | null }[]> =>
  tx.query('select id, received_at as at, status, reason, body, record, ip from {t}.raw_intake where form = $1 order by received_at desc limit $2', [pushedTo(rule), limit], { name: 'pushes' })

/** Something that came to the address of a rule. `left`: why no rule could answer it, or could not again. */
export interface Sent { id: string; at: Date; rule: string; record: string | null; body: string; left: 'off' | 'erased' | null }

/** What has come to the addresses of these rules since an instant, in order; without what was refused. One statement. */
export const pushedSince = (tx: Tx, rules: readonly string[], from: Date): Promise<Sent[]> =>
  tx.query(`select id, received_at as at, substr(form, 6) as rule, record, body, case when reason = 'off' then 'off' when body = '' then 'erased' end as left
    from {t}.raw_intake where form = any($1::text[]) and received_at >= $2 and (status = 'accepted' or reason = 'off') order by received_at, id`, [rules.map(pushedTo), from])

/** Everything that a rule takes of it, by name. */
export const takenFrom = (trigger: PushTrigger, body: string): Readonly<Record<string, Scalar>> => taken(trigger, JSON.parse(body))
