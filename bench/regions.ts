import { kernelContext } from '#kernel/access'
import { createMember, createTeam } from '#kernel/members'
import type { BenchTenant } from './tenant.ts'

/** Ten regions of ten departments each, two sellers in every department. Heads of a department see a hundredth, of a region a tenth, of the company all. */
export interface Regions { sales: number[]; teams: number[]; heads: { department: number[]; region: number[]; company: number[] } }

export async function settleRegions({ db, tenant }: BenchTenant): Promise<Regions> {
  return db.mutate(tenant, async (tx) => {
    const ctx = () => kernelContext(tx, { kind: 'system', reason: 'bench' }, { kind: 'definition' })
    const root = await createTeam(await ctx(), { name: '销售部', parent: null })
    const [regions, teams] = [[] as number[], [] as number[]]
    for (let i = 0; i < 10; i++) {
      regions.push((await createTeam(await ctx(), { name: `${i + 1}区`, parent: root.id })).id)
      for (let j = 0; j < 10; j++) teams.push((await createTeam(await ctx(), { name: `${i + 1}区${j + 1}部`, parent: regions[i]! })).id)
    }
    const made = await ctx()
    let n = 0
    const people = async (role: string, of: readonly number[]): Promise<number[]> => {
      const ids: number[] = []
      for (const team of of) ids.push((await createMember(made, { name: `成员${++n}`, email: `m${n}@bench.example`, roles: [role], team })).id)
      return ids
    }
    const heads = { company: await people('supervisor', [root.id]), region: await people('supervisor', regions), department: await people('supervisor', teams.slice(0, 20)) }
    return { teams, heads, sales: await people('sales', [...teams, ...teams]) }
  })
}
