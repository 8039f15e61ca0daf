import { Refused, refuse } from '#contract'
import { kernelContext, type Context } from '#kernel/access'
import { metadataOf } from '#kernel/metadata'
import { lockRecords, write, type ActDraft, type Intent, type RecordImage, type Values } from '#kernel/records'
import type { Form } from '#language/definitions'
import type { Tx } from '#platform/db'
import { decideOutcome, findStanding, type Standing } from './find.ts'
import { consented, mapSubmission, type Mapped } from './map.ts'
import { nameLookups } from './lookups.ts'
import { keepConsents, keepRaw, pointRaw, type Kept } from './keep.ts'
import type { Contact, IntakePorts, VisitClaim } from './ports.ts'
import type { IntakeResult, Submission } from './types.ts'

/** A submission on its way: what it says, which record it becomes or joins, and how it ends. */
interface Journey {
  submission: Submission
  mapped: Mapped
  raw: string
  record: string
  joins: Standing | null
  reopen: boolean
  result: IntakeResult | null
}

/**
 * Carry a batch of submissions of one tenant from the door to durable records, in one transaction.
 *
 * The raw payload is the first row written. Unreadable identities are quarantined with their reason; missing answers are refused
 * (and kept). The same person within the window joins the open record. Throws when a write is refused by the record's own rules
 * and the batch holds more than one submission: the caller then repeats one by one.
 */
export async function submitBatch(tx: Tx, submissions: readonly Submission[], ports: IntakePorts): Promise<IntakeResult[]> {
  const metadata = await metadataOf(tx)
  const journeys = submissions.map((submission) => start(submission, mapSubmission(metadata, submission, tx.now), ports))
  journeys.forEach(judge)
  await keepRaw(tx, journeys.map(keptOf))
  const live = journeys.filter(({ result }) => result === null)
  await meet(tx, metadata, live, ports)
  await nameLookups(tx, metadata, live.map(({ submission: { form }, mapped: { values } }) => ({ form, values })))
  await pointRaw(tx, live.filter(({ joins }) => joins))
  await writeRecords(tx, live, ports)
  await keepConsents(tx, live.filter(({ submission }) => consented(submission.body)))
  return journeys.map(({ result }) => result!)
}

const start = (submission: Submission, mapped: Mapped, ports: IntakePorts): Journey =>
  ({ submission, mapped, raw: ports.nextId(), record: ports.nextId(), joins: null, reopen: false, result: null })

/** Decide what never becomes a record: traps, unreadable identities, missing answers. */
function judge(journey: Journey): void {
  const { mapped, raw } = journey
  if (mapped.trapped) journey.result = quarantined(raw, 'honeypot')
  else if (mapped.identityProblem !== null) journey.result = quarantined(raw, mapped.identityProblem)
  else if (mapped.missing.length > 0) journey.result = { ok: false, refusal: refuse('VALUE_REQUIRED', mapped.missing[0], { field: mapped.missing.join('、') }) }
}

const quarantined = (id: string, reason: string): IntakeResult => ({ ok: true, answer: { id, status: 'quarantined', reason } })

function keptOf({ submission, mapped, raw, record, result }: Journey): Kept {
  const waits = result?.ok === true
  const setAside = [...mapped.missing.map((label) => `${label}: missing`), ...mapped.problems.map(({ name, reason }) => `${name}: ${reason}`)]
  const reason = waits ? (result.answer.reason ?? null) : setAside.join('; ') || null
  return { id: raw, form: submission.form.key, object: submission.form.object, ip: submission.ip, agent: submission.agent, contentType: submission.contentType, body: submission.raw,
    status: result === null ? 'accepted' : waits ? 'quarantined' : 'refused', reason, record: result === null ? record : null }
}

/** Lock the people of the batch, then decide for each submission whether it joins a record, in the order they came. */
async function meet(tx: Tx, metadata: Context['metadata'], live: readonly Journey[], ports: IntakePorts): Promise<void> {
  const known = live.filter(({ mapped }) => mapped.identity !== null)
  for (const [form, group] of Map.groupBy(known, ({ submission }) => submission.form)) {
    const contacts = group.map(({ mapped, record }): Contact => ({ ...mapped.identity!, record }))
    await ports.resolveContacts(tx, form.object, contacts)
    const standing = Map.groupBy(await findStanding(tx, metadata, form, contacts.map(({ value }) => value)), ({ value }) => value)
    for (const journey of group) settle(journey, standing, tx.now)
  }
}

function settle(journey: Journey, standing: Map<string, Standing[]>, now: Date): void {
  const { submission: { form }, mapped } = journey
  const mine = standing.get(mapped.identity!.value) ?? []
  const outcome = decideOutcome(form, mine, now)
  Object.assign(mapped.values, intoExisting(form, mine))
  if (outcome.kind === 'join') {
    Object.assign(journey, { record: outcome.record.id, joins: outcome.record, reopen: outcome.reopen })
    if (outcome.reopen) outcome.record.state = form.reopen!.to
    return
  }
  // A later submission of the same batch joins this one.
  standing.set(mapped.identity!.value, [{ id: journey.record, object: form.object, value: mapped.identity!.value, owner: null, state: null, createdAt: now }, ...mine])
}

/** References to the newest record of each other object in which this person already stands. */
function intoExisting(form: Form, mine: readonly Standing[]): Values {
  const found = form.existing.map(({ object, into }) => [into, mine.find((standing) => standing.object === object)?.id] as const)
  return Object.fromEntries(found.filter(([, id]) => id !== undefined))
}

async function writeRecords(tx: Tx, live: readonly Journey[], ports: IntakePorts): Promise<void> {
  if (live.length === 0) return
  const form = live[0]!.submission.form.key
  const ctx = await kernelContext(tx, { kind: 'source', form }, { kind: 'source', form })
  const standing = await standingImages(ctx, live)
  const intents = [...live.map((journey, act) => recordIntent(ctx, journey, act, standing.get(journey.record))), ...await visitIntents(tx, live, ports)]
  const outcome = await write(ctx, intents, { acts: live.map(actOf) })
  if (!outcome.ok) throw new Refused(outcome.refusals[0]!.refusal)
  await ports.creditLinks(tx, live.flatMap(({ submission: { form: by }, mapped: { visitors }, record, joins }) => visitors.map((visitor) => ({ visitor, subject: { object: by.object, id: record }, form: joins ? null : by }))))
  for (const journey of live) journey.result = { ok: true, answer: { id: journey.record, status: journey.joins ? 'joined' : 'created', ...(journey.reopen ? { reopened: true as const } : {}) } }
}

/** Records that are joined, as they stand; none is read when every submission begins anew. */
async function standingImages(ctx: Context, live: readonly Journey[]): Promise<Map<string, RecordImage>> {
  const images = new Map<string, RecordImage>()
  for (const [object, group] of Map.groupBy(live.filter(({ joins }) => joins), ({ submission }) => submission.form.object))
    for (const [id, image] of await lockRecords(ctx, object, group.map(({ record }) => record))) images.set(id, image)
  return images
}

const actOf = ({ submission: { form, ip, agent, request } }: Journey): ActDraft => ({ actor: { kind: 'source', form: form.key }, cause: { kind: 'source', form: form.key }, ip, agent, request })

/** A new record with all that was said; a joined one takes only what it does not know yet (what differs stays in the raw payload). */
function recordIntent({ metadata }: Context, { submission: { form }, mapped, record, joins, reopen }: Journey, act: number, standing: RecordImage | undefined): Intent {
  if (!joins) return { op: 'create', object: form.object, id: record, values: mapped.values, act }
  const fields = metadata.objects.get(form.object)!.field
  const unknown = Object.entries(mapped.values).filter(([field]) => isUnknown(standing?.values[field], fields.get(field)?.default))
  return { op: 'update', object: form.object, id: record, values: { ...Object.fromEntries(standing ? unknown : []), ...(reopen && form.reopen ? { [form.reopen.field]: form.reopen.to } : {}) }, act }
}

/** Empty, or what the field says when nobody said anything. */
const isUnknown = (value: unknown, unsaid: unknown): boolean => value === null || value === undefined || value === '' || value === unsaid

async function visitIntents(tx: Tx, live: readonly Journey[], ports: IntakePorts): Promise<Intent[]> {
  const claims = live.flatMap((journey, act) => (journey.submission.form.behaviour && (journey.mapped.visitors.length > 0 || journey.joins) ? claimsOf(journey).map((claim) => ({ claim, act })) : []))
  if (claims.length === 0) return []
  const found = await ports.claimVisits(tx, claims.map(({ claim }) => claim))
  return found.flatMap((intents, i) => intents.map((intent): Intent => ({ ...intent, act: claims[i]!.act })))
}

/** One for each name of the browser, and at least one: that it was sent is told once. */
function claimsOf({ submission: { form }, mapped: { visitors, values }, record, joins }: Journey): VisitClaim[] {
  const page = form.context.pageUrl ? values[form.context.pageUrl] : null
  const [visitor = null, ...more] = visitors
  const claim: VisitClaim = { form, visitor, subject: { object: form.object, id: record }, submitted: joins ? { page: typeof page === 'string' ? page : null } : null }
  return [claim, ...more.map((each) => ({ ...claim, visitor: each, submitted: null }))]
}
