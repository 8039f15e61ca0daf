import type { WhyNotAnswer } from '#contract/api'
import { refused } from '#contract'
import { type Context, lensOf, memberRows } from '#kernel/access'
import { whyNot, type WhyNot } from '#kernel/automation'
import { getRecord } from '#kernel/records'
import { needsOf, toSentence, type CheckedNode, type Missing } from '#language/conditions'
import { formatInstant, formatMoney } from '#language/values'
import { iso, isoOrNull } from './presenting.ts'
import { errorShown } from './run-errors.ts'
import { ruleSentence } from './rule-sentence.ts'
import { valueWords } from './why.ts'
import { namesOf } from './words.ts'
import type { Some } from './types.ts'

type Both = { zh: string; en: string }

export const whyNots: Some<'whyNot' | 'whyNotRule'> = {
  whyNot: async (ctx, { params: { object, id } }) => {
    const record = await getRecord(ctx, object, id.toLowerCase())
    const rules = [...ctx.metadata.rules.values()].filter(({ trigger, state }) => trigger.object === object && state !== 'template').sort((a, b) => a.priority - b.priority || (a.key < b.key ? -1 : 1))
    const items: WhyNotAnswer[] = []
    for (const { key } of rules) items.push(await presented(ctx, object, await whyNot(ctx, record, key)))
    return { items }
  },
  whyNotRule: async (ctx, { params: { rule, object, id } }) => {
    if (!ctx.metadata.rules.has(rule)) refused('NOT_FOUND')
    return presented(ctx, object, await whyNot(ctx, await getRecord(ctx, object, id.toLowerCase()), rule))
  },
}

async function presented(ctx: Context, object: string, answer: WhyNot): Promise<WhyNotAnswer> {
  const rule = ctx.metadata.rules.get(answer.rule)!
  const [zh, en] = [await namesOf(ctx, 'zh'), await namesOf(ctx, 'en')]
  return {
    rule: rule.key, label: rule.label, state: rule.state, sentence: (await ruleSentence(ctx, rule)).sentence ?? rule.label, kind: answer.kind, at: isoOrNull(answer.at), said: saidOf(ctx, object, { ...answer, people: await memberRows(ctx.tx) }),
    missing: answer.missing.map((each) => missingOf(ctx, each, { zh, en })),
    runs: answer.runs.map(({ event, version, status, at, error }) => ({ event, version, status, at: iso(at), error: errorShown(ctx, error) })),
  }
}

function saidOf({ metadata, now, tenant }: Context, object: string, { kind, at, detail, rule: key, people }: WhyNot & { people: ReadonlyMap<number, { name: string }> }): Both {
  const rule = metadata.rules.get(key)!
  const when = (lang: 'zh' | 'en') => (at ? formatInstant(iso(at), now, lang, tenant.zone) : '')
  const field = rule.trigger.on === 'deadline' ? rule.trigger.field : ''
  const named = (lang: 'zh' | 'en') => metadata.objects.get(object)?.field.get(field)?.label[lang] ?? field
  const form = metadata.forms.get(detail ?? '')?.label ?? { zh: detail ?? '', en: detail ?? '' }
  const about = metadata.objects.get(rule.trigger.object)?.label ?? { zh: rule.trigger.object, en: rule.trigger.object }
  switch (kind) {
    case 'ran': return detail === 'waiting' ? { zh: `触发过（${when('zh')}），正等着往下走`, en: `It has run (${when('en')}) and waits to go on` } : { zh: `触发过，最近一次是${when('zh')}`, en: `It has run, last ${when('en')}` }
    case 'own_pause': { const name = people.get(Number(detail))?.name ?? ''; return { zh: `${name} 为自己的记录暂停了这条规则（${when('zh')}）`, en: `${name} has paused it for their own records (${when('en')})` } }
    case 'other_team': { const team = metadata.teams.get(rule.team ?? 0)?.name ?? ''; return { zh: `这条规则只用于${team}`, en: `It is for ${team} only` } }
    case 'pilot': return { zh: '这条规则还在试点，这条记录和当时操作的人都不在试点里', en: 'It is still being tried by others: neither the owner nor whoever acted is among them' }
    case 'off': return detail === 'paused' ? { zh: '规则已暂停', en: 'The rule is paused' } : { zh: '规则还没有启用', en: 'The rule is not switched on' }
    case 'broken': return { zh: `规则现在无法运行：${detail}`, en: `The rule cannot run: ${detail}` }
    case 'other_object': return { zh: `这条规则只看「${about.zh}」`, en: `It looks at ${about.en} only` }
    case 'never': return { zh: '它等的事还没有发生过', en: 'What it listens to has not happened' }
    case 'cause': return { zh: `发生过（${when('zh')}），但由${CAUSES[detail ?? '']?.zh ?? detail}引起的变化它不理会`, en: `It happened (${when('en')}), but it does not answer changes by ${CAUSES[detail ?? '']?.en ?? detail}` }
    case 'form': return { zh: `不是从表单「${form.zh}」进来的`, en: `It did not come through the form “${form.en}”` }
    case 'before': return { zh: `事情发生在规则启用之前（${when('zh')}），启用之前的不补做`, en: `It happened before the rule was on (${when('en')}); what came before is not made up for` }
    case 'no_date': return { zh: `「${named('zh')}」是空的，没有到时间这一说`, en: `“${named('en')}” is empty, so it never comes due` }
    case 'not_due': return { zh: `还没到时间：${when('zh')}`, en: `Not due yet: ${when('en')}` }
    case 'condition': return { zh: `事情发生了（${when('zh')}），但条件当时不满足`, en: `It happened (${when('en')}), but the condition did not hold then` }
    case 'holds': return { zh: `按当时的字段条件满足（${when('zh')}）；可能还在处理，或相关记录当时不一样`, en: `By its fields the condition held (${when('en')}); it may still be under way, or related records were different then` }
  }
}

const CAUSES: Readonly<Record<string, Both>> = {
  member: { zh: '同事', en: 'colleagues' }, source: { zh: '表单与接口', en: 'forms' }, rule: { zh: '其他规则', en: 'other rules' }, timer: { zh: '到时', en: 'time' }, import: { zh: '导入', en: 'imports' },
  undo: { zh: '撤销', en: 'undoing' }, backfill: { zh: '补录历史', en: 'backfills' }, upgrade: { zh: '升级', en: 'upgrades' }, definition: { zh: '配置', en: 'configuration' },
}

type Names = Record<'zh' | 'en', Awaited<ReturnType<typeof namesOf>>>

/** What a reader may not see in full is not told; that something stood in the way is. */
function missingOf(ctx: Context, { checked, negated, saw, alone, gap }: Missing, names: Names): WhyNotAnswer['missing'][number] {
  const readable = [...needsOf(checked).reads].every(([object, fields]) => [...fields].every((key) => lensOf(ctx, object).field(key)?.read === 'full'))
  if (!readable) return { sentence: null, saw: null, gap: null, alone }
  const needed = { zh: toSentence(checked, 'zh', names.zh), en: toSentence(checked, 'en', names.en) }
  return { sentence: negated ? { zh: `不能是：${needed.zh}`, en: `must not be: ${needed.en}` } : needed, saw: sawWords(ctx, checked.object, checked.root, saw), gap: gap === null ? null : gapWords(ctx, checked.root, gap), alone }
}

function sawWords(ctx: Context, object: string, node: CheckedNode, saw: unknown): Both {
  if (node.is === 'leaf' && node.field.kind === 'tags') return tagWords(ctx, saw)
  if (node.is === 'leaf') return { zh: valueWords(ctx, object, node.field.key, saw, 'zh').value, en: valueWords(ctx, object, node.field.key, saw, 'en').value }
  if (node.is === 'latest') return { zh: valueWords(ctx, node.relation.object, node.leaf.field.key, saw, 'zh').value, en: valueWords(ctx, node.relation.object, node.leaf.field.key, saw, 'en').value }
  if (node.is === 'changed' || node.is === 'changedTo') return saw === null ? { zh: '没有变', en: 'unchanged' } : { zh: '变成了别的值', en: 'changed to something else' }
  if (node.is === 'some' || node.is === 'none') return saw === true ? { zh: '有', en: 'there are some' } : { zh: '没有', en: 'there are none' }
  if (node.is === 'recent') return { zh: `最近 ${node.last} 条里满足的有 ${String(saw as string)} 条`, en: `${String(saw as string)} of the last ${node.last} do` }
  if (node.is === 'trend' && Array.isArray(saw)) return { zh: `从近到远：${saw.join('、')}`, en: `newest first: ${saw.join(', ')}` }
  if (node.is === 'parent') return { zh: '没有关联', en: 'nothing there' }
  return { zh: String(saw as string | number | null), en: String(saw as string | number | null) }
}

function tagWords({ metadata }: Context, saw: unknown): Both {
  const labels = ((saw as number[] | null) ?? []).map((id) => metadata.tags.byId.get(id)?.label ?? { zh: String(id), en: String(id) })
  return labels.length === 0 ? { zh: '没有标签', en: 'no tags' } : { zh: labels.map(({ zh }) => `【${zh}】`).join(''), en: labels.map(({ en }) => en).join(', ') }
}

function gapWords(_ctx: Context, node: CheckedNode, gap: string): Both {
  const money = node.is === 'leaf' && node.field.kind === 'money'
  const [zh, en] = money ? [formatMoney(gap, 'zh'), formatMoney(gap, 'en')] : [gap, gap]
  const tooMuch = 'op' in node && (node.op === 'lt' || node.op === 'le')
  return tooMuch ? { zh: `多了 ${zh}`, en: `${en} too much` } : { zh: `差 ${zh}`, en: `${en} short` }
}
