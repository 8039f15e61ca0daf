import { contextOf, lensOf, memberPrincipal, memberRows, type Context } from '#kernel/access'
import { tell } from '#kernel/delivery'
import { absencesInHand, type Absence, type AbsenceDraft, type AbsenceWarning, checkAbsence, endAbsence, enterAbsence, openAbsences } from '#kernel/members'
import { holdingsOf } from '#kernel/handover'
import { formatClock, workedBetween } from '#language/values'
import { iso } from './presenting.ts'
import type { Some } from './types.ts'

const HOUR_MS = 3_600_000

export const absences: Some<'absences' | 'previewAbsence' | 'enterAbsence' | 'endAbsence'> = {
  absences: async (ctx) => {
    const [inHand, all, me] = [await absencesInHand(ctx), await openAbsences(ctx), meOf(ctx)]
    const members = await memberRows(ctx.tx)
    const seen = all.filter(({ member, standIns }) => inHand.has(member) || standIns.includes(me))
    return { items: seen.map((each) => present(each, inHand)), members: [...inHand].filter((id) => members.get(id)?.active) }
  },
  previewAbsence: async (ctx, { body }) => {
    const draft = draftOf(ctx, body)
    const warnings = await checkAbsence(ctx, draft)
    const { objects } = await holdingsOf(ctx, draft.member)
    const blind = await blindStandIns(ctx, draft.standIns, objects.map(({ object }) => object))
    const place = { zone: ctx.tenant.zone, calendar: ctx.metadata.calendar }
    return {
      hours: workedBetween(draft.from.getTime(), draft.to.getTime(), place) / HOUR_MS, objects: objects.map(({ object, count }) => ({ object, count })),
      warnings: await wordsOf(ctx, warnings, blind), above: warnings.find(({ kind }) => kind === 'above')?.who ?? null,
    }
  },
  enterAbsence: async (ctx, { body }) => {
    const absence = await enterAbsence(ctx, draftOf(ctx, body))
    await tellConcerned(ctx, absence, absence.standIns)
    return present(absence, new Set([absence.member]))
  },
  endAbsence: async (ctx, { params }) => {
    const absence = await endAbsence(ctx, params.id)
    await tellConcerned(ctx, absence, absence.standIns)
    return present(absence, new Set([absence.member]))
  },
}

const meOf = ({ principal }: Context): number => (principal.kind === 'member' ? principal.member.id : 0)
const draftOf = (ctx: Context, { member, kind, from, to, standIns }: { member?: number | undefined; kind: Absence['kind']; from: string; to: string; standIns: number[] }): AbsenceDraft =>
  ({ member: member ?? meOf(ctx), kind, from: new Date(from), to: new Date(to), standIns: [...new Set(standIns)] })

const present = ({ from, to, kind, ...absence }: Absence, inHand: ReadonlySet<number>) =>
  ({ ...absence, from: iso(from), to: iso(to), kind: inHand.has(absence.member) ? kind : null, mine: inHand.has(absence.member) })

/** Stand-ins who may not read what they would look after. */
async function blindStandIns(ctx: Context, standIns: readonly number[], objects: readonly string[]): Promise<{ member: number; object: string }[]> {
  const blind: { member: number; object: string }[] = []
  for (const member of standIns) {
    const theirs = await contextOf(ctx.tx, { ...ctx, principal: await memberPrincipal(ctx.tx, member) })
    blind.push(...objects.filter((object) => !lensOf(theirs, object).can('read')).map((object) => ({ member, object })))
  }
  return blind
}

async function wordsOf({ tx, now, tenant: { zone }, metadata }: Context, warnings: readonly AbsenceWarning[], blind: readonly { member: number; object: string }[]) {
  const members = await memberRows(tx)
  const said = ({ kind, who, from, to }: AbsenceWarning): { zh: string; en: string } => {
    const name = members.get(who ?? 0)?.name ?? ''
    const [begins, ends] = [from && formatClock(from, now, zone), to && formatClock(to, now, zone)]
    switch (kind) {
      case 'stand_in_away': return { zh: `${name} 在 ${begins} 至 ${ends} 也请假，那时由其他代理人或上级代理`, en: `${name} is away from ${begins} to ${ends} too; others stand in then` }
      case 'stands_in': return { zh: `原定代理 ${name}（${begins} 至 ${ends}），不在期间改由其他代理人或上级代理`, en: `Was to stand in for ${name} (${begins} to ${ends}); others will` }
      case 'above': return { zh: `没有选代理人，由上级 ${name} 代理`, en: `Nobody is named: ${name}, who is above, stands in` }
      case 'nobody': return { zh: '没有代理人，也没有在岗的上级：期间没有人代理', en: 'Nobody is named and nobody above is there: nobody stands in' }
    }
  }
  const unseen = [...Map.groupBy(blind, ({ member }) => member)].map(([member, objects]) => {
    const [zh, en] = (['zh', 'en'] as const).map((lang) => objects.map(({ object }) => metadata.objects.get(object)!.label[lang]).join(lang === 'zh' ? '、' : ', '))
    return { zh: `${members.get(member)!.name} 的角色看不到${zh}，这些代理不了`, en: `${members.get(member)!.name} may not see ${en} and cannot stand in for that` }
  })
  return [...warnings.map(said), ...unseen]
}

/** Stand-ins hear of it, and the member where somebody else entered or ended it. */
async function tellConcerned(ctx: Context, absence: Absence, standIns: readonly number[]): Promise<void> {
  const members = await memberRows(ctx.tx)
  const [name, me] = [members.get(absence.member)!.name, meOf(ctx)]
  const [from, to] = [absence.from, absence.to].map((at) => formatClock(at, ctx.now, ctx.tenant.zone))
  const open = absence.state === 'planned' || absence.state === 'running'
  const rest = { body: null, object: null, record: null, groupKey: null, event: null, rule: null }
  const theirs = standIns.filter((id) => id !== me).map((member) => ({ ...rest, member, kind: 'assigned', title: open ? `${name} 请假，由你代理（${from} 至 ${to}）` : `${name} 不再请假，代理取消` }))
  const own = absence.member === me ? [] : [{ ...rest, member: absence.member, kind: 'assigned', title: open ? `${members.get(me)?.name ?? ''} 为你登记了请假（${from} 至 ${to}）` : `${members.get(me)?.name ?? ''} 结束了你的请假` }]
  await tell(ctx.tx, [...theirs, ...own])
}
