import { type Context, lensOf, memberRows } from '#kernel/access'
import { hadBeen, type DecisionView, type Had } from '#kernel/assignment'
import type { AssignmentPolicy } from '#language/definitions'
import { formatRegion, provinceOf } from '#language/values'

interface Said { zh: string; en: string }
/** Of people, and of the policy itself. */
const MOST = { people: 4, policy: 2 }

/** What would have had to be otherwise for somebody else to be chosen, in words; nothing where the policy of then is not known any more. */
export async function hadBeenOtherwise(ctx: Context, decision: DecisionView): Promise<Said[]> {
  if (decision.candidates.length === 0 || decision.reason === 'team') return []
  const [policy] = await ctx.tx.query<{ body: AssignmentPolicy }>(`select body from {t}.definition_version where kind = 'assignmentPolicy' and key = $1 and version = $2 and body is not null`, [decision.policy, decision.policyVersion])
  if (!policy || policy.body.mode === 'rotation') return []
  const away = await ctx.tx.query<{ member: number }>(`select member from {t}.absence where from_at <= $1 and to_at > $1 and state <> 'cancelled'`, [decision.at])
  const members = await memberRows(ctx.tx)
  const all = hadBeen(decision, policy.body, new Set(away.map(({ member }) => member)))
  const ofPolicy = ({ kind }: Had) => kind === 'threshold' || kind === 'exclusion'
  const said = [...all.filter((had) => !ofPolicy(had)).slice(0, MOST.people), ...all.filter(ofPolicy).slice(0, MOST.policy)]
  return said.map((had) => wordsFor(ctx, had, { decision, policy: policy.body, name: members.get(had.member)?.name ?? String(had.member) }))
}

interface About { decision: DecisionView; policy: AssignmentPolicy; name: string }

function wordsFor(ctx: Context, had: Had, { decision, policy, name }: About): Said {
  const both = (zh: string, en: string): Said => ({ zh: `如果${zh}，会是${name}`, en: `Had ${en}, it would have been ${name}` })
  const percent = (rate: number) => `${Math.round(rate * 100)}%`
  switch (had.kind) {
    case 'load': return had.below === null ? both(`${name}手上不超过 ${had.open} 条（当时 ${had.was} 条）`, `${name} held at most ${had.open} (${had.was} then)`)
      : both(`${name}的负载低于 ${percent(had.below)}（当时 ${rateThen(decision, had)}，多了 ${had.was - had.open} 条）`, `the load of ${name} been below ${percent(had.below)} (${rateThen(decision, had)} then, ${had.was - had.open} too many)`)
    case 'threshold': return both(`「先看负载低于」是 ${percent(had.below)}（当时 ${percent(had.was)}）`, `“first those below” been ${percent(had.below)} (${percent(had.was)} then)`)
    case 'skill': { const skill = skillWords(ctx, decision, policy); return both(`${name}擅长${skill.zh}`, `${name} known ${skill.en}`) }
    case 'region': { const region = regionWords(ctx, decision, policy); return both(`${name}覆盖${region.zh}`, `${name} covered ${region.en}`) }
    case 'away': return both(`${name}当时没有请假`, `${name} not been away`)
    case 'duty': return both(`${name}当时在班`, `${name} been on duty`)
    case 'completeness': return both(`${name}名下资料的完整率高于 ${percent(had.above)}（当时 ${had.was === null ? '没有记录' : percent(had.was)}）`, `more than ${percent(had.above)} of the records of ${name} been complete (${had.was === null ? 'none' : percent(had.was)} then)`)
    case 'exclusion': { const reason = policy.exclusions[had.n]?.reason; return both(`没有这条排除「${reason?.zh ?? ''}」`, `“${reason?.en ?? ''}” not applied`) }
  }
}

function rateThen({ candidates }: DecisionView, { member }: Had): string {
  const { open, limit } = candidates.find((each) => each.member === member)!
  return `${limit ? Math.round((open / limit) * 100) : 0}%`
}

/** What was asked is a value of the record: named to whoever may read it. */
function skillWords(ctx: Context, { object, asked }: DecisionView, { skillField }: AssignmentPolicy): Said {
  const dictionary = ctx.metadata.objects.get(object)?.field.get(skillField)?.dictionary
  const label = asked.skill === null ? undefined : ctx.metadata.dictionaries.get(dictionary ?? '')?.byKey.get(asked.skill)?.label
  return (lensOf(ctx, object).field(skillField)?.read === 'full' && label) || { zh: '这个行业', en: 'what was asked' }
}

function regionWords(ctx: Context, { object, asked }: DecisionView, { regionField }: AssignmentPolicy): Said {
  if (asked.region === null || lensOf(ctx, object).field(regionField)?.read !== 'full') return { zh: '这个地区', en: 'this region' }
  const province = provinceOf(asked.region) ?? asked.region
  return { zh: formatRegion(province, 'zh'), en: formatRegion(province, 'en') }
}
