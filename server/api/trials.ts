import { Refused, refused } from '#contract'
import { type Context, may, memberContext } from '#kernel/access'
import { Rule } from '#language/definitions'
import { noteTried } from '#kernel/automation'
import { Crowd, tryOut, type TrialAsk } from '#kernel/replay'
import { problemOf } from '#platform/http'
import type { TrialAnswer } from '#contract/api'
import { perHouse } from './per-house.ts'
import { checkMayBuild } from './team-rules.ts'
import { presentTrial } from './trial-answer.ts'
import type { Call, Some } from './types.ts'

/** One replay under way or done, of one member; it is kept for a while in the process that ran it. */
interface Trying { tenant: number; member: number; stop: AbortController; begun: number; progress: number; problem: { zh: string; en: string } | null; answer: TrialAnswer | null }
const tryings = perHouse(() => new Map<string, Trying>())

const KEPT_MS = 30 * 60_000
/** At once, in the whole house: each holds the records that rules look at in memory. */
const AT_ONCE = 2

export const trials: Some<'startTrial' | 'trial' | 'stopTrial'> = {
  startTrial: { open: async (call, { body: { kind, body, days } }) => {
    await call.api.db.read(call.tenant, async (tx) => checkMay(await memberContext(tx, call.signedIn!.member, call.facts), kind, body))
    const all = tryings(call.api)
    forgetOld(all)
    // A new one takes the place of the member's last.
    for (const [id, each] of all) if (each.tenant === call.tenant.id && each.member === call.signedIn!.member) { each.stop.abort(); all.delete(id) }
    if ([...all.values()].filter(isRunning).length >= AT_ONCE) refused('BUSY')
    const id = crypto.randomUUID()
    const trying: Trying = { tenant: call.tenant.id, member: call.signedIn!.member, stop: new AbortController(), begun: Date.now(), progress: 0, problem: null, answer: null }
    all.set(id, trying)
    void carry(call, trying, { draft: { kind, key: String(body['key']), body }, days })
    return { id }
  } },
  trial: { open: async (call, { params: { id } }) => {
    const { progress, problem, answer } = mine(call, id)
    return { state: answer ? 'done' as const : problem ? 'failed' as const : 'running' as const, progress, problem, answer }
  } },
  stopTrial: { open: async (call, { params: { id } }) => {
    mine(call, id).stop.abort()
    tryings(call.api).delete(id)
    return { done: true as const }
  } },
}

const isRunning = ({ answer, problem, stop }: Trying): boolean => !answer && !problem && !stop.signal.aborted

function checkMay(ctx: Context, kind: 'rule' | 'assignmentPolicy', body: unknown): void {
  if (may(ctx, kind === 'rule' ? 'rules' : 'assignment')) return
  const rule = Rule.safeParse(body)
  if (kind !== 'rule' || !rule.success) refused('FORBIDDEN')
  else checkMayBuild(ctx, rule.data)
}

function mine({ api, tenant, signedIn }: Call, id: string): Trying {
  const found = tryings(api).get(id)
  return found && found.tenant === tenant.id && found.member === signedIn!.member ? found : refused('NOT_FOUND')
}

function forgetOld(all: Map<string, Trying>): void {
  for (const [id, { begun }] of all) if (Date.now() - begun > KEPT_MS) all.delete(id)
}

async function carry({ api, tenant, facts }: Call, trying: Trying, ask: TrialAsk): Promise<void> {
  try {
    const crowd = new Crowd(tenant.zone)
    const trial = await tryOut(api.db, tenant, ask, { signal: trying.stop.signal, onProgress: (done) => { trying.progress = done }, onEffect: (course, effect) => { if (course === 'asIf') crowd.note(effect) } })
    const rule = ask.draft.kind === 'rule' ? Rule.safeParse(ask.draft.body).data : undefined
    if (rule) await api.db.mutate(tenant, (tx) => noteTried(tx, rule, { busiest: crowd.busiest(rule.key), days: ask.days, by: trying.member }))
    trying.answer = await api.db.read(tenant, async (tx) => presentTrial(await memberContext(tx, trying.member, facts), trial, ask))
  } catch (error) {
    if (trying.stop.signal.aborted) return
    if (!(error instanceof Refused)) api.log.error({ err: error }, 'a replay failed')
    trying.problem = wordsFor(error, facts.id)
  }
}

function wordsFor(error: unknown, request: string): { zh: string; en: string } {
  const said = (lang: 'zh' | 'en') => problemOf((error as Refused).refusal, lang, request).body.error.message
  if (error instanceof Refused) return { zh: said('zh'), en: said('en') }
  return { zh: '这次回放没有完成，请再试一次', en: 'The replay did not come to its end; please try again' }
}
