import { refused } from '#contract'
import { effectOfPolicy, effectOfRole, lintPolicy, memberRows, scanRights, type Context, type Effect, type PolicyFinding, type Reckoning, type Risk } from '#kernel/access'
import { beginViewing, checkRole } from '#kernel/members'
import { Policy, Role, type Label } from '#language/definitions'
import { iso } from './presenting.ts'
import type { Some } from './types.ts'
import { viewToken } from './view-as.ts'

export const roles: Some<'previewRole' | 'previewPolicy' | 'scanRights' | 'viewAs'> = {
  previewRole: async (ctx, { body }) => {
    const parsed = Role.safeParse(body.role)
    if (!parsed.success) return refused('DEFINITION_INVALID', parsed.error.issues[0]!.path.join('.'), { reason: parsed.error.issues[0]!.message })
    checkRole(ctx, parsed.data)
    const effect = await effectOfRole(ctx, parsed.data)
    return { holders: effect.holders, widens: sentencesOf(effect, 'gains'), narrows: sentencesOf(effect, 'losses') }
  },
  previewPolicy: async (ctx, { body: { key, policy: given } }) => {
    const parsed = given === null ? null : Policy.safeParse(given)
    if (parsed && !parsed.success) return refused('DEFINITION_INVALID', parsed.error.issues[0]!.path.join('.'), { reason: parsed.error.issues[0]!.message })
    const policy = parsed?.data ?? null
    const [effect, findings] = [await effectOfPolicy(ctx, key, policy), policy ? await lintPolicy(ctx, policy) : []]
    return { widens: sentencesOf(effect, 'gains'), narrows: sentencesOf(effect, 'losses'), findings: findings.map((each) => ({ kind: each.kind, ...(each.field !== undefined && { field: each.field }), message: findingWords(ctx, policy!.object, each) })) }
  },
  scanRights: async (ctx) => {
    const members = [...(await memberRows(ctx.tx)).values()].filter(({ active }) => active).length
    return { members, risks: (await scanRights(ctx)).map((risk) => ({ severity: risk.severity, kind: risk.kind === 'policy' ? risk.finding.kind : risk.kind, message: riskWords(ctx, risk), fixes: fixesOf(ctx, risk) })) }
  },
  viewAs: async (ctx, { body: { member } }, { signedIn }) => {
    if (!signedIn?.session) return refused('FORBIDDEN')
    const { name, expiresAt } = await beginViewing(ctx, member)
    return { token: viewToken(signedIn.session, member, expiresAt), member, name, expiresAt: iso(expiresAt) }
  },
}

/** 「37 名成员将可读 2 个字段」 */
const WORDS: Record<'gains' | 'losses', Record<Effect, (n: { members: number; things: number }) => Label>> = {
  gains: {
    read: ({ members, things }) => ({ zh: `${members} 名成员将可读 ${things} 个字段`, en: `${members} members will read ${things} more fields` }),
    write: ({ members, things }) => ({ zh: `${members} 名成员将可改 ${things} 个字段`, en: `${members} members will change ${things} more fields` }),
    reach: ({ members, things }) => ({ zh: `${members} 名成员的 ${things} 项操作范围将变大`, en: `${things} actions of ${members} members will reach further` }),
    manage: ({ members, things }) => ({ zh: `${members} 名成员将得到 ${things} 项管理权限`, en: `${members} members will hold ${things} more administrative rights` }),
  },
  losses: {
    read: ({ members, things }) => ({ zh: `${members} 名成员将不再可读 ${things} 个字段`, en: `${members} members will no longer read ${things} fields` }),
    write: ({ members, things }) => ({ zh: `${members} 名成员将不再可改 ${things} 个字段`, en: `${members} members will no longer change ${things} fields` }),
    reach: ({ members, things }) => ({ zh: `${members} 名成员的 ${things} 项操作范围将变小`, en: `${things} actions of ${members} members will reach less far` }),
    manage: ({ members, things }) => ({ zh: `${members} 名成员将失去 ${things} 项管理权限`, en: `${members} members will lose ${things} administrative rights` }),
  },
}

const sentencesOf = (effect: Record<'gains' | 'losses', Partial<Record<Effect, Reckoning>>>, way: 'gains' | 'losses'): Label[] =>
  (Object.entries(effect[way]) as [Effect, Reckoning][]).filter(([, { members }]) => members > 0).map(([what, counted]) => WORDS[way][what](counted))

/** As somebody would say it who looks after the permissions. */
function riskWords(ctx: Context, risk: Risk): Label {
  if (risk.kind === 'administrators') return { zh: `${risk.members} 名成员拥有全部管理权限，建议留 2–3 名`, en: `${risk.members} members hold every administrative right; two or three are enough` }
  const name = ctx.metadata.objects.get(risk.object)!.label
  switch (risk.kind) {
    case 'allEdit': return { zh: `全员可编辑：${risk.of} 名成员都能修改全部${name.zh}`, en: `Everybody edits all: each of ${risk.of} members may change every ${name.en}` }
    case 'allDelete': return { zh: `${risk.of} 名成员中有 ${risk.members} 名能删除任何${name.zh}`, en: `${risk.members} of ${risk.of} members may delete any ${name.en}` }
    case 'allExport': return { zh: `${risk.of} 名成员中有 ${risk.members} 名能导出全部${name.zh}，里面有联系方式`, en: `${risk.members} of ${risk.of} members may export every ${name.en}, with phones and addresses` }
    case 'policy': { const [policy, said] = [ctx.metadata.policies.get(risk.policy)!.label, findingWords(ctx, risk.object, risk.finding)]; return { zh: `策略「${policy.zh}」：${said.zh}`, en: `Policy “${policy.en}”: ${said.en}` } }
  }
}

const ROLES_SHOWN = 4
function fixesOf({ metadata }: Context, risk: Risk): { kind: 'role' | 'policy' | 'members'; key: string; label: Label }[] {
  if (risk.kind === 'administrators') return [{ kind: 'members', key: '', label: { zh: '成员', en: 'Members' } }]
  if (risk.kind === 'policy') return [{ kind: 'policy', key: risk.policy, label: metadata.policies.get(risk.policy)!.label }]
  return risk.roles.slice(0, ROLES_SHOWN).map((key) => ({ kind: 'role', key, label: metadata.roles.get(key)!.label }))
}

/** What may not have been meant, as a colleague would say it. */
function findingWords({ metadata }: Context, object: string, { kind, field = '', object: at = object, other = '', members = 0 }: PolicyFinding): Label {
  const name = (lang: 'zh' | 'en') => metadata.objects.get(at)?.field.get(field)?.label[lang] ?? field
  const [zh, en] = [name('zh'), name('en')]
  const of = (key: string): Label => metadata.objects.get(key)?.label ?? { zh: key, en: key }
  switch (kind) {
    case 'impossible': return { zh: '没有任何记录能符合这个条件，这条策略不会起作用', en: 'No record can meet its condition; it has no effect' }
    case 'everybodyEdits': return { zh: '全员都能修改所有记录：误改、误删没有人拦得住', en: 'Everybody may change every record: nothing keeps mistakes and deletions back' }
    case 'concernsNobody': return { zh: '没有任何在职成员符合，这条策略不会起作用', en: 'It concerns no active member and has no effect' }
    case 'changesNothing': return { zh: '没有改变任何人的权限：角色或别的策略已经是这样', en: 'It changes nobody’s rights: roles or other policies already say so' }
    case 'overruled': return { zh: `授予${zh ? `「${zh}」` : '的操作'}不会生效：策略「${metadata.policies.get(other)?.label.zh ?? other}」对所有人都不允许`, en: `What it allows${en ? ` of “${en}”` : ''} is overruled by the policy “${metadata.policies.get(other)?.label.en ?? other}”` }
    case 'widens': return { zh: `放宽权限：${members} 名成员会得到更多`, en: `It widens: ${members} members gain` }
    case 'nobodyReads': return { zh: `符合条件的记录里，没有人能看到完整的「${zh}」`, en: `Where it holds, nobody reads “${en}” in full` }
    case 'nobodyWrites': return { zh: `符合条件的记录里，没有人能修改「${zh}」`, en: `Where it holds, nobody can change “${en}”` }
    case 'tells': return { zh: `条件用到「${zh}」，有 ${members} 名看不全它的成员能从锁或星号推断出来`, en: `It decides by “${en}”: ${members} members who do not read it can tell it by the lock` }
    case 'escapes': return { zh: `${members} 名受限成员可以自己修改${of(at).zh}的「${zh}」来解除限制`, en: `${members} of those it holds back can change “${en}” of ${of(at).en} and so escape it` }
    case 'guarded': return { zh: `${members} 名受限成员平时可以改${of(at).zh}的「${zh}」；改成会解除限制的值时会被拒绝，要由不受限的人改`, en: `${members} of those it holds back may change “${en}” of ${of(at).en}; a value that would end the limit is refused and left to others` }
  }
}
