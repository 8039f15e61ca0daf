import { Refused } from '#contract'
import { metadataOf } from '#kernel/metadata'
import type { Form } from '#language/definitions'
import type { Database, Tenant } from '#platform/db'
import { coalesce, type CoalesceLimits } from './coalesce.ts'
import { keepRaw } from './keep.ts'
import type { IntakePorts } from './ports.ts'
import { submitBatch } from './submit.ts'
import type { IntakeResult, Submission } from './types.ts'

export type * from './types.ts'
export { answersIn, correct, type Correction, dismiss, type KeptSubmission, lockSubmission, reopen, type SubmissionStatus, submissionsBehind, submissionsOf, waitingSubmissions } from './settle.ts'
export { pushedSince, pushedTo, pushesTo, receivePush, refusePush, takenFrom, type Push, type PushAnswer, type PushPorts, type Sent } from './push.ts'
export { changePushKey, pushKeys } from './push-key.ts'
export { readPushed } from './pushed.ts'
export type { IntakePorts, Contact } from './ports.ts'

export interface Intake {
  /** Answers only after the submission is durable. Throws DatabaseAway when it is not. */
  submit(tenant: Tenant, submission: Submission): Promise<IntakeResult>
  /** The form of this key, undefined when there is none or it is switched off. Fresh to the second. */
  form(tenant: Tenant, key: string): Promise<Form | undefined>
}

const LIMITS: CoalesceLimits = { items: 64, wait: 4, lanes: 2 }

/** The way in for submissions: gathers them per tenant and carries each batch in one transaction. */
export function openIntake(db: Database, ports: IntakePorts, limits: CoalesceLimits = LIMITS): Intake {
  const lanes = new Map<number, (submission: Submission) => Promise<IntakeResult>>()
  const laneOf = (tenant: Tenant): ((submission: Submission) => Promise<IntakeResult>) => {
    const lane = lanes.get(tenant.id) ?? coalesce((batch) => carry(db, tenant, batch, ports), limits)
    lanes.set(tenant.id, lane)
    return lane
  }
  return { submit: (tenant, submission) => laneOf(tenant)(submission), form: formReader(db) }
}

async function carry(db: Database, tenant: Tenant, batch: readonly Submission[], ports: IntakePorts): Promise<IntakeResult[]> {
  try {
    return await db.mutate(tenant, (tx) => submitBatch(tx, batch, ports))
  } catch (error) {
    if (batch.length === 1 && error instanceof Refused) return [await quarantine(db, tenant, batch[0]!, error, ports)]
    throw error
  }
}

/** The record's own rules refuse it: kept with the reason for a person to look at, never thrown away. */
async function quarantine(db: Database, tenant: Tenant, { form, ip, agent, contentType, raw }: Submission, { refusal }: Refused, ports: IntakePorts): Promise<IntakeResult> {
  const id = ports.nextId()
  const reason = [refusal.code, refusal.path].filter(Boolean).join(' ')
  await db.mutate(tenant, (tx) => keepRaw(tx, [{ id, form: form.key, object: form.object, ip, agent, contentType, body: raw, status: 'quarantined', reason, record: null }]))
  return { ok: true, answer: { id, status: 'quarantined', reason } }
}

const FRESH_MS = 500

function formReader(db: Database): Intake['form'] {
  const known = new Map<number, { at: number; forms: Promise<ReadonlyMap<string, Form>> }>()
  return async (tenant, key) => {
    const cached = known.get(tenant.id)
    const entry = cached && performance.now() - cached.at < FRESH_MS ? cached : { at: performance.now(), forms: db.read(tenant, async (tx) => (await metadataOf(tx)).forms) }
    if (entry !== cached) { known.set(tenant.id, entry); entry.forms.catch(() => known.delete(tenant.id)) }
    const form = (await entry.forms).get(key)
    return form?.active ? form : undefined
  }
}
