import { z } from 'zod'
import { Key, OwnAutomation, RuleState } from '#language/definitions'
import { route } from '../route.ts'
import { ActorShape, AnyValues, CauseShape, Done, Instant, RecordId, Related, Sentence, SentShape } from '../shapes.ts'

const Both = z.object({ now: z.number(), asIf: z.number() })
const TrialId = z.strictObject({ id: z.uuid() })

/** `now`: by what is in force; `asIf`: with the draft in force all the time; null: it does not come about. */
const Apart = z.object({ what: z.string(), detail: Sentence, rule: Key.or(z.string()), now: Instant.nullable(), asIf: Instant.nullable() })
/** What happened to the record in the same time. */
const Actual = z.object({ at: Instant, actor: ActorShape, said: Sentence })

const Words = z.object({ known: z.number(), unknown: z.number() })
const Decided = z.object({ taken: z.number(), without: z.number(), own: z.number() })

export const TrialAnswer = z.object({
  from: Instant, to: Instant, days: z.number(), read: z.number(), records: z.number(), ms: z.number(), answered: Both,
  /** How often each kind of thing comes about; `actual`: how often it did, by the runs that were kept. */
  kinds: z.array(z.object({ what: z.string(), now: z.number(), asIf: z.number(), actual: z.number().nullable() })),
  /** Of the draft, where it is a rule: how often it acts. */
  fired: Both.nullable(),
  /** How often somebody's word was asked for. Known: what they really said then; else nothing is guessed, and the run ends there. */
  words: z.object({ now: Words, asIf: Words }),
  /** What members really decided about waiting runs: done again where the same run stands, else left out; `own`: what they settled about rules for their own records. */
  decided: z.object({ now: Decided, asIf: Decided }),
  /** Of what came to the address of the draft's rule; `off`: while it was off, `erased`: its words are gone. Null: nothing comes to it. */
  pushes: z.object({ tried: z.number(), off: z.number(), erased: z.number() }).nullable(),
  members: z.array(z.object({ id: z.number(), messages: Both, assigned: Both, open: Both })),
  /** Records to which something else would have happened; the newest of them follow, those that the reader may not see without a title. `made`: a record that exists in the replay only. */
  total: z.number(),
  rows: z.array(z.object({ object: Key, record: RecordId, title: z.string().nullable(), made: z.boolean(), apart: z.array(Apart), actual: z.array(Actual) })),
})
export type TrialAnswer = z.infer<typeof TrialAnswer>

export const WhyNotAnswer = z.object({
  rule: Key, label: Sentence, sentence: Sentence, state: RuleState,
  kind: z.enum(['ran', 'own_pause', 'other_team', 'pilot', 'off', 'broken', 'other_object', 'never', 'cause', 'form', 'before', 'no_date', 'not_due', 'condition', 'holds']), at: Instant.nullable(), said: Sentence,
  /** What the condition lacked, the first first; without words where the reader may not see it. `alone`: had this been otherwise, it would have held. */
  missing: z.array(z.object({ sentence: Sentence.nullable(), saw: Sentence.nullable(), gap: Sentence.nullable(), alone: z.boolean() })),
  runs: z.array(z.object({ event: z.number(), version: z.number(), status: z.string(), at: Instant, error: z.string().nullable() })),
})
export type WhyNotAnswer = z.infer<typeof WhyNotAnswer>

const Who = z.object({ kind: z.string(), name: z.string() })
/** A chain of events and what rules did about each, the first cause first; what the reader may not see is without title and fields. */
export const TraceAnswer = z.object({
  events: z.array(z.object({
    seq: z.number(), depth: z.number(), at: Instant, object: z.string(), record: RecordId, title: z.string().nullable(), born: z.boolean(), actor: Who.nullable().describe('null: an instant that had come'), because: CauseShape.nullable().describe('what a run went on by, where that was not its time'), fields: z.array(Sentence),
    runs: z.array(z.object({
      rule: z.string(), label: z.string(), version: z.number(), status: z.string(), error: z.string().nullable(), seen: z.unknown(), steps: z.array(z.unknown()),
      told: z.array(z.object({ member: z.number(), name: z.string(), kind: z.string(), at: Instant, read: Instant.nullable() })),
      sent: z.array(SentShape),
    })),
  })),
  related: Related,
  /** What people did with the record in the week after. */
  next: z.array(z.object({ at: Instant, actor: Who, fields: z.array(Sentence) })),
})
export type TraceAnswer = z.infer<typeof TraceAnswer>

/** One step of a rule in words, or one way that it may go; `depth`: how deep it stands in others. */
const Lines = z.array(z.object({ text: z.string(), depth: z.number() }))
const OwnAnswer = z.object({
  settings: OwnAutomation,
  /** Rules that are on and work on what the reader may have; those that did something about their records first. `when`, `steps`: the sentence in lines. `done`, `last`: about these, in the last 30 days. */
  rules: z.array(z.object({ key: Key, label: Sentence, group: z.string().nullable(), sentence: Sentence, when: Sentence, steps: z.object({ zh: Lines, en: Lines }), required: z.boolean(), done: z.number(), last: Instant.nullable() })),
  /** Until when nothing is sent; null: a closed slot is not running. */
  closedUntil: Instant.nullable(),
  kept: z.object({ notices: z.number(), outside: z.number() }),
})
export type OwnAnswer = z.infer<typeof OwnAnswer>

const OfRule = z.strictObject({ rule: Key })
const PushKeyShape = z.object({ number: z.number(), since: Instant.nullable(), previousUntil: Instant.nullable() })

export const automation = {
  ruleCheckup: route('ruleCheckup', { auth: 'member', summary: { zh: '规则体检：启用中的规则需要留意的地方', en: 'What is worth knowing of the rules that are on' },
    response: z.object({ rules: z.number(), items: z.array(z.object({ rule: Key, label: Sentence, warnings: z.array(z.object({ code: z.string(), message: Sentence, rules: z.array(z.string()) })) })) }) }),
  pushes: route('pushes', { auth: 'right:rules', summary: { zh: '规则地址最近收到的推送，被拒的带原因', en: 'What came lately to the address of a rule, refusals with their reason' }, params: OfRule,
    response: z.object({ key: PushKeyShape, items: z.array(z.object({ id: z.uuid(), at: Instant, status: z.enum(['accepted', 'refused']), reason: z.string().nullable(), ip: z.string().nullable(), body: z.string().nullable().describe('null: the reader may not see everything in it'), record: z.object({ object: Key, id: RecordId, title: z.string() }).nullable() })) }) }),
  showPushKey: route('showPushKey', { auth: 'right:rules', unrecorded: true, summary: { zh: '查看推送地址的密钥（会记入审计）', en: 'Show the key of a rule’s address (kept in the audit)' }, params: OfRule, response: z.object({ key: z.string(), previous: z.string().nullable() }) }),
  changePushKey: route('changePushKey', { auth: 'right:rules', summary: { zh: '更换推送地址的密钥：旧的再用 24 小时', en: 'Change the key of a rule’s address; the old one stays good for 24 hours' }, params: OfRule, response: PushKeyShape }),
  ownAutomation: route('ownAutomation', { auth: 'member', summary: { zh: '我的自动化：哪些规则在处理我名下的记录，我暂停了哪些、关了哪些时段', en: 'My automation: which rules work on my records, which I have paused, which hours I have closed' }, response: OwnAnswer }),
  setOwnAutomation: route('setOwnAutomation', { auth: 'member', summary: { zh: '为自己名下的记录暂停规则、关闭时段，立即生效', en: 'Pause rules and close hours for one’s own records, in force at once' }, body: OwnAutomation, response: OwnAnswer }),
  trace: route('trace', { auth: 'member', summary: { zh: '全程：从触发到后续的一整条链', en: 'Trace: the whole chain from its trigger to what followed' }, params: z.strictObject({ event: z.coerce.number<string | number>().int().min(1) }), response: TraceAnswer }),
  ruleHealth: route('ruleHealth', { auth: 'member', summary: { zh: '规则近七天的健康状况', en: 'How the rules have done in the last seven days' },
    response: z.object({ rules: z.record(z.string(), z.object({ done: z.number(), failed: z.number(), last: Instant.nullable(), problem: z.string().nullable(), waiting: z.number() })), parked: z.number(), failed: z.number(), waiting: z.number() }) }),
  whyNot: route('whyNot', { auth: 'member', summary: { zh: '为什么没有触发：这条记录与每条规则', en: 'Why nothing happened: this record and every rule' }, params: z.strictObject({ object: Key, id: RecordId }), response: z.object({ items: z.array(WhyNotAnswer) }) }),
  whyNotRule: route('whyNotRule', { auth: 'member', summary: { zh: '为什么这条规则没有触发', en: 'Why this rule did nothing' }, params: z.strictObject({ rule: Key, object: Key, id: RecordId }), response: WhyNotAnswer }),
  startTrial: route('startTrial', { auth: 'member', unrecorded: true, summary: { zh: '时光回放：用过去的记录试一份规则或分配方案', en: 'Replay: try a rule or an assignment policy on the past' },
    body: z.strictObject({ kind: z.enum(['rule', 'assignmentPolicy']), body: AnyValues, days: z.number().int().min(1).max(180) }), response: z.object({ id: z.uuid() }) }),
  trial: route('trial', { auth: 'member', summary: { zh: '一次回放的进度与结果', en: 'How far a replay has come, and its answer' }, params: TrialId,
    response: z.object({ state: z.enum(['running', 'done', 'failed']), progress: z.number(), problem: Sentence.nullable(), answer: TrialAnswer.nullable() }) }),
  stopTrial: route('stopTrial', { auth: 'member', summary: { zh: '停止回放', en: 'Give a replay up' }, params: TrialId, response: Done }),
}
