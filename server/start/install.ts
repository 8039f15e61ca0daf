import { kernelContext, type Context } from '#kernel/access'
import { asOneAct, createMember, createTeam, updateTeam } from '#kernel/members'
import { applySolution } from '#kernel/solutions'
import type { OpenDatabase, Tenant, Tx } from '#platform/db'
import { isSolution, loadCompany, loadSolution, SOLUTION_KEYS, type Company, type SolutionKey } from '../../solutions/index.ts'

export interface Offer { key: string; label: { zh: string; en: string }; sample: boolean }

/** What the set-up page offers. */
export const offers = (): Offer[] => SOLUTION_KEYS.map((key) => ({ key, label: loadSolution(key).label, sample: loadCompany(key) !== undefined }))

const system = (tx: Tx): Promise<Context> => kernelContext(tx, { kind: 'system', reason: 'install' }, { kind: 'definition' })

/** Definitions, and of a case its company: teams and members without passwords. Repeating it changes nothing. */
export async function install(db: OpenDatabase, tenant: Tenant, key: string): Promise<void> {
  if (!isSolution(key)) throw new Error(`No solution ${key}`)
  await applyDefinitions(db, tenant, key)
  const company = loadCompany(key)
  if (company) await db.mutate(tenant, async (tx) => settle(await system(tx), company))
}

/** As install, and the past of a case's company, once; `leads`: a smaller or larger past than usual. */
export async function installWithPast(db: OpenDatabase, tenant: Tenant, key: string, leads?: number): Promise<void> {
  await install(db, tenant, key)
  const company = isSolution(key) ? loadCompany(key) : undefined
  if (!company || !isSolution(key) || (await hasPast(db, tenant))) return
  // Only a case needs its generator in memory.
  const [{ loadDemo }, { signOff }] = await Promise.all([import('../demo/load.ts'), import('../demo/signoffs.ts')])
  await loadDemo({ db, tenant, company, solution: loadSolution(key), ...(leads !== undefined && { leads }) })
  await signOff(db, tenant)
}

const hasPast = async (db: OpenDatabase, tenant: Tenant): Promise<boolean> =>
  (await db.read(tenant, (tx) => tx.query(`select from {t}.change where object not like '%:%' limit 1`))).length > 0

async function applyDefinitions(db: OpenDatabase, tenant: Tenant, key: SolutionKey): Promise<void> {
  await db.mutate(tenant, async (tx) => {
    const applied = await applySolution({ tx, actor: { kind: 'system', reason: 'install' } }, loadSolution(key))
    if (!applied.ok) throw new Error(`${key}: ${JSON.stringify(applied.refusals.slice(0, 3))}`)
  })
}

/** Members' ids by key. Nothing when the company is there already. */
async function settle(ctx: Context, company: Company): Promise<void> {
  const there = await ctx.tx.query(`select from {t}.team limit 1`)
  if (there.length > 0) return
  const { teams, members } = company
  await asOneAct(ctx, ['company_imported', teams.length, members.length], (whole) => moveIn(whole, company))
}

async function moveIn(ctx: Context, { teams, members }: Company): Promise<void> {
  const teamIds = new Map<string, number>()
  const memberIds = new Map<string, number>()
  for (const { key, name, parent } of teams) teamIds.set(key, (await createTeam(ctx, { name, parent: parent ? teamIds.get(parent)! : null })).id)
  const fresh = { ...(await system(ctx.tx)), joins: ctx.joins! }
  for (const { key, team, teams: further = [], supervisor, ...draft } of members) {
    const { id } = await createMember(fresh, { ...draft, team: teamIds.get(team)!, teams: further.map((each) => teamIds.get(each)!), supervisor: supervisor ? (memberIds.get(supervisor) ?? null) : null })
    memberIds.set(key, id)
  }
  for (const { key, head } of teams) if (head) await updateTeam(fresh, teamIds.get(key)!, { head: memberIds.get(head)! })
}
