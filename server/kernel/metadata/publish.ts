import { refuse } from '#contract'
import type { DefinitionKind, Rule } from '#language/definitions'
import type { Tx } from '#platform/db'
import { backfill } from './backfill.ts'
import { buildMetadata, type Stored } from './build.ts'
import { canonical } from './canonical.ts'
import { checkDefinition, REFERRED } from './checks/index.ts'
import { type Finding, finding, KIND_WORDS, refusalOf } from './checks/finding.ts'
import { leaveIndexes } from './indexing.ts'
import { asksForIndexes } from './time-indexes.ts'
import { idOf, type Planned, planOf } from './plan.ts'
import { bumpEpoch, readStored } from './read.ts'
import { shapeTables } from './shape.ts'
import { readPast, storePlanned } from './store.ts'
import { tagIds } from './tags.ts'
import type { Author, DefinitionState, Draft, DraftRefusal, Metadata, PublishAllResult, PublishOptions, PublishResult, StoredDefinition } from './types.ts'
import { stillUsed } from './uses.ts'
import { definitionOf, versionsOf } from './versions.ts'

/**
 * Publishes one definition; `body` null removes it. See publishAll for what happens and what is refused.
 * `changed` is false when the body and state are already in force: then no version is made.
 */
export async function publish(author: Author, kind: DefinitionKind, key: string, body: unknown, options: PublishOptions = {}): Promise<PublishResult> {
  return single(await publishAll(author, [{ kind, key, body, ...options }]))
}

/**
 * Publishes several definitions as one act: all or nothing, live for the next transaction (the epoch rises).
 *
 * Takes the tenant's lock exclusively: batches of the engine end first, later ones see the new state. About ten
 * statements, whatever the number of drafts. Refused with every finding at once: DEFINITION_INVALID,
 * CONDITION_INVALID, RULE_NOT_SUPPORTED, DEFINITION_IN_USE (something still refers to what would go),
 * DEFINITION_STALE (not the expected version), DEFINITION_BUSY (a table stayed locked), NOT_FOUND (removal).
 * A refusal leaves nothing behind; the transaction may go on.
 */
export async function publishAll(author: Author, drafts: readonly Draft[]): Promise<PublishAllResult> {
  const { tx } = author
  const [, , stored] = await Promise.all([tx.query('select pg_advisory_xact_lock($1, 1)', [tx.tenant.id]), tx.query('savepoint publish'), readStored(tx)])
  const result = await publishOn(stored, author, drafts)
  await tx.query(result.ok ? 'release savepoint publish' : 'rollback to savepoint publish')
  return result
}

/**
 * What publishing these would be refused for, and everything configured as it would stand; nothing is kept. Tables are not shaped, so
 * values that are not unique, and tables that are locked, are found by publishing itself. About six statements.
 */
export async function rehearse({ tx }: Pick<Author, 'tx'>, drafts: readonly Draft[]): Promise<{ refusals: DraftRefusal[]; next: Metadata | null }> {
  const [, stored] = await Promise.all([tx.query('savepoint rehearse'), readStored(tx)])
  const standing = new Set(stored.definitions.map(({ kind, key }) => idOf(kind, key)))
  const plan = planOf(drafts, stored.definitions, await readPast(tx, drafts.filter(({ kind, key }) => !standing.has(idOf(kind, key)))))
  const next = plan.ok ? await nextMetadata(tx, stored, plan.planned) : null
  const refusals = plan.ok ? [...checked(plan.planned, stored, next!), ...(await used(tx, plan.planned, next!))] : plan.refusals
  await tx.query('rollback to savepoint rehearse')
  return { refusals, next }
}

/** Publishes an old version's body again, as a new version. NOT_FOUND for a version that never was or was a removal. */
export async function revert(author: Author, kind: DefinitionKind, key: string, version: number, options: PublishOptions = {}): Promise<PublishResult> {
  const old = (await versionsOf(author.tx, kind, key)).find((each) => each.version === version)
  return old?.body ? publish(author, kind, key, old.body, options) : { ok: false, refusals: [refuse('NOT_FOUND')] }
}

/** Switches a rule on, off or back to a template. */
export async function setRuleState(author: Author, key: string, state: DefinitionState, expectVersion?: number): Promise<PublishResult> {
  const rule = await definitionOf(author.tx, 'rule', key)
  return rule ? publish(author, 'rule', key, rule.body, { state, expectVersion }) : { ok: false, refusals: [refuse('NOT_FOUND')] }
}

function single(result: PublishAllResult): PublishResult {
  if (!result.ok) return { ok: false, refusals: result.refusals.map(({ refusal }) => refusal) }
  const { version, changed } = result.published[0]!
  return { ok: true, version, changed, building: result.building }
}

async function publishOn(stored: Stored, author: Author, drafts: readonly Draft[]): Promise<PublishAllResult> {
  const { tx } = author
  const standing = new Set(stored.definitions.map(({ kind, key }) => idOf(kind, key)))
  const plan = planOf(drafts, stored.definitions, await readPast(tx, drafts.filter(({ kind, key }) => !standing.has(idOf(kind, key)))))
  if (!plan.ok) return plan
  const { planned } = plan
  const next = await nextMetadata(tx, stored, planned)
  const refusals = [...checked(planned, stored, next), ...(await used(tx, planned, next))]
  if (refusals.length > 0) return { ok: false, refusals }
  const shaped = await shapeTables(tx, planned)
  if (shaped.refusals.length > 0) return { ok: false, refusals: shaped.refusals.map(({ of: { kind, key }, refusal }) => ({ kind, key, refusal })) }
  await backfill(tx, planned, next)
  const act = await storePlanned(author, planned, next)
  if (planned.some(({ kept }) => !kept)) await bumpEpoch(tx)
  if (shaped.building.length > 0 || planned.some(asksForIndexes)) leaveIndexes(tx)
  return { ok: true, published: planned.map(({ kind, key, version, kept }) => ({ kind, key, version, changed: !kept })), building: shaped.building, act }
}

async function nextMetadata(tx: Tx, stored: Stored, planned: readonly Planned[]): Promise<Metadata> {
  const touched = new Set(planned.map(({ kind, key }) => idOf(kind, key)))
  const definitions = [...stored.definitions.filter(({ kind, key }) => !touched.has(idOf(kind, key))), ...planned.flatMap(({ after }) => after ?? [])]
  const newTags = planned.filter(({ kind, after }) => kind === 'tag' && after !== null).map(({ key }) => key)
  return buildMetadata({ ...stored, definitions, tags: [...stored.tags, ...(await tagIds(tx, newTags, stored.tags))] })
}

const used = async (tx: Tx, planned: readonly Planned[], next: Metadata): Promise<DraftRefusal[]> =>
  (await stillUsed(tx, planned, next)).map(({ of: { kind, key }, found }) => ({ kind, key, refusal: refusalOf(found) }))

/** The drafts themselves; and, when something changed that others refer to, everything else. */
function checked(planned: readonly Planned[], stored: Stored, next: Metadata): DraftRefusal[] {
  const changed = planned.filter(({ kept }) => !kept)
  const own = changed.flatMap(({ kind, key, after }) => (after ? checkDefinition(after, next) : []).map((found) => ({ kind, key, refusal: refusalOf(found) })))
  const cause = changed.find(({ kind, before }) => before !== undefined && REFERRED.has(kind))
  const touched = new Set(changed.map(({ kind, key }) => idOf(kind, key)))
  const others = stored.definitions.filter(({ kind, key }) => !touched.has(idOf(kind, key)))
  if (cause) return [...own, ...brokenAmong(others, stored, next).map((found) => ({ kind: cause.kind, key: cause.key, refusal: refusalOf(found) }))]
  return [...own, ...changed.flatMap(({ kind, key }) => (kind === 'rule' ? brokenAmong(others.filter((each) => answers(each, key)), stored, next).map((found) => ({ kind, key, refusal: refusalOf(found) })) : []))]
}

/** A rule that answers the outcomes of this one. */
function answers({ kind, body }: StoredDefinition, rule: string): boolean {
  const { trigger } = body as Rule
  return kind === 'rule' && trigger.on === 'ran' && trigger.rule === rule
}

/** Findings that this publication would cause; what was already wrong before is not its fault. */
function brokenAmong(others: readonly StoredDefinition[], stored: Stored, next: Metadata): Finding[] {
  let now: Metadata | undefined
  return others.flatMap((each) => {
    const found = checkDefinition(each, next)
    if (found.length === 0) return []
    const before = new Set(checkDefinition(each, (now ??= buildMetadata(stored))).map((one) => canonical(one)))
    return found.filter((one) => !before.has(canonical(one))).map((one) => inUseBy(each, one))
  })
}

function inUseBy({ kind, key, body }: StoredDefinition, { path, zh, en }: Finding): Finding {
  const { zh: kindZh, en: kindEn } = KIND_WORDS[kind]!
  return finding('', `${kindZh}「${body.label.zh}」（${key}，${path}）：${zh}`, `${kindEn} “${body.label.en}” (${key}, ${path}): ${en}`, 'DEFINITION_IN_USE')
}
