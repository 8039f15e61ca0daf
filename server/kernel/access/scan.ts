import { FULL_RIGHTS } from '#language/definitions'
import { eyesOn, type Eyes } from './eyes.ts'
import { lintPolicy, type PolicyFinding } from './lint.ts'
import { factsOf, memberRows } from './principal.ts'
import type { Context } from './types.ts'

/** Something in the permissions that somebody should look at: where it lies, how many it concerns, and the roles or the policy to mend it in. */
export type Risk =
  | { kind: 'allEdit' | 'allDelete' | 'allExport'; severity: 'high' | 'medium'; object: string; members: number; of: number; roles: string[] }
  | { kind: 'administrators'; severity: 'medium'; members: number }
  | { kind: 'policy'; severity: 'high' | 'medium'; policy: string; object: string; finding: PolicyFinding }

/** Fewer than these are not everybody. */
const FEW = 3
const PERSONAL: ReadonlySet<string> = new Set(['phone', 'email'])
/** What a policy may well mean to do. */
const MEANT: ReadonlySet<PolicyFinding['kind']> = new Set(['widens', 'guarded'])
const GRAVE: ReadonlySet<PolicyFinding['kind']> = new Set(['everybodyEdits', 'tells', 'escapes', 'impossible'])

/** Looks through all roles and policies as they stand for every active member at a screen. Nothing is written. */
export async function scanRights(ctx: Context): Promise<Risk[]> {
  const rows = [...(await memberRows(ctx.tx)).values()]
  const active = rows.filter((row) => row.active)
  const administrators = active.filter((row) => { const { rights } = factsOf(row, ctx.metadata, []); return FULL_RIGHTS.every((right) => rights.has(right)) })
  const reaches = [...ctx.metadata.objects.values()].filter(({ part, hidden }) => !part && !hidden).flatMap(({ key }) => reachRisks(ctx, eyesOn(ctx.metadata, key, rows), { object: key, of: active.length }))
  const policies = await Promise.all([...ctx.metadata.policies.values()].map(async (policy) => (await lintPolicy(ctx, policy)).filter(({ kind }) => !MEANT.has(kind)).map((finding): Risk => ({ kind: 'policy', severity: GRAVE.has(finding.kind) ? 'high' : 'medium', policy: policy.key, object: policy.object, finding }))))
  const found: Risk[] = [...reaches, ...policies.flat(), ...(administrators.length > FEW ? [{ kind: 'administrators' as const, severity: 'medium' as const, members: administrators.length }] : [])]
  return found.sort((a, b) => Number(a.severity === 'medium') - Number(b.severity === 'medium'))
}

/** Who reaches every record, whatever it is like: everybody for changing, half of all for deleting and for taking along what is personal. */
function reachRisks({ metadata }: Context, eyes: readonly Eyes[], { object, of }: { object: string; of: number }): Risk[] {
  const reaching = (action: 'edit' | 'delete' | 'export') => eyes.filter(({ plan }) => plan.open[action] === 'all' && !plan.rules[action]?.limits.length && (action !== 'edit' || plan.writable.size > 0)).flatMap(({ members }) => members)
  const personal = [...metadata.objects.get(object)!.field.values()].some(({ kind }) => PERSONAL.has(kind))
  const risk = (kind: 'allEdit' | 'allDelete' | 'allExport', action: 'edit' | 'delete' | 'export', least: number): Risk[] => {
    const members = reaching(action)
    if (members.length < Math.max(FEW, least)) return []
    const roles = [...new Set(members.flatMap((member) => member.roles.filter((role) => metadata.roles.get(role)?.objects[object]?.[action] === 'all')))]
    return [{ kind, severity: kind === 'allExport' ? 'medium' : 'high', object, members: members.length, of, roles }]
  }
  return [...risk('allEdit', 'edit', of), ...risk('allDelete', 'delete', Math.ceil(of / 2)), ...(personal ? risk('allExport', 'export', Math.ceil(of / 2)) : [])]
}
