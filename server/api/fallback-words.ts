import type { Context } from '#kernel/access'
import type { DecisionView } from '#kernel/assignment'
import { formatRegion } from '#language/values'

interface Said { zh: string; en: string }

/** Nobody could take it: who was kept out by what, and what was done then, one after the other. Null: somebody could. */
export function fallbackWords({ metadata }: Pick<Context, 'metadata'>, { fallback, reason, object }: DecisionView): Said | null {
  if (!fallback) return null
  const policy = [...metadata.assignmentPolicies.values()].find((each) => each.object === object)
  const area = reason.startsWith('pool:') && reason.length > 5 ? { zh: formatRegion(reason.slice(5)), en: formatRegion(reason.slice(5), 'en') } : null
  const role = metadata.roles.get(policy?.fallback.alertRole ?? '')?.label
  const done = fallback.tried.map(({ to, team }, n): Said => {
    if (to === 'pool') return { zh: `进入${area?.zh ?? ''}公海`, en: `it waits in the ${area ? `${area.en} ` : ''}pool` }
    if (to === 'supervisor') return { zh: `通知${role?.zh ?? '主管'}`, en: `${role?.en ?? 'the supervisor'} was told` }
    const name = team === undefined ? undefined : metadata.teams.get(team)?.name
    const took = reason === 'team' && n === fallback.tried.length - 1
    const whom = { zh: name ?? '同大区的成员', en: name ?? 'colleagues of the region' }
    return took ? { zh: `交给${whom.zh}（不看擅长）`, en: `given to ${whom.en}, whatever their skills` } : { zh: `${whom.zh}也没有人能接`, en: `nor could anybody of ${whom.en}` }
  })
  const chain = { zh: done.map(({ zh }) => zh).join(' → '), en: done.map(({ en }) => en).join(' → ') }
  return done.length === 0 ? fallback.out : { zh: `${fallback.out.zh}；${chain.zh}`, en: `${fallback.out.en}; ${chain.en}` }
}
