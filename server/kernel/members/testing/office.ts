import { kernelContext, memberContext, type Context } from '#kernel/access'
import { ADMIN_RIGHTS, Solution } from '#language/definitions'
import { hashPassword } from '#platform/crypto'
import { type FreshTenant, freshTenant } from '../../../../test/tenant.ts'
import { createMember, createTeam, setPassword } from '../index.ts'

const label = (zh: string, en: string) => ({ zh, en })
const all = { read: 'all', create: 'all', edit: 'all', delete: 'all', export: 'all', transfer: 'all' } as const

/** An archive: boxes that count as load, and people who may do more or less with them. */
const ARCHIVE = Solution.parse({
  key: 'archive', label: label('档案室', 'Archive'), version: '1', activeRules: [],
  object: [{ key: 'box', label: label('箱', 'Box'), title: 'name', load: { kind: 'box', while: { all: [] } }, fields: [{ key: 'name', label: label('名', 'Name'), kind: 'text' }, { key: 'secret', label: label('密', 'Secret'), kind: 'text' }] }],
  role: [
    { key: 'chief', label: label('馆长', 'Chief'), rights: [...ADMIN_RIGHTS], home: 'team', objects: { box: all } },
    { key: 'clerk', label: label('文员', 'Clerk'), rights: ['members'], home: 'tasks', objects: { box: { read: 'team', fields: { secret: { read: 'hidden' } } } } },
    { key: 'reader', label: label('读者', 'Reader'), rights: [], home: 'tasks', objects: { box: { read: 'own', fields: { secret: { read: 'hidden' } } } } },
    { key: 'insider', label: label('内部读者', 'Insider'), rights: [], home: 'tasks', objects: { box: { read: 'own' } } },
    { key: 'auditor', label: label('审计', 'Auditor'), rights: ['audit'], home: 'tasks', objects: {} },
  ],
})

export const PASSWORD = '长长的口令 for tests 7'
export const PEOPLE = ['chief', 'clerk', 'reader'] as const
export type Person = (typeof PEOPLE)[number]
export const FACTS = { id: 'req', ip: '10.0.0.9', agent: 'test', lang: 'zh' } as const

export interface Office extends FreshTenant {
  ids: Record<Person, number>
  team: number
  as<T>(who: Person | 'kernel', work: (ctx: Context) => Promise<T>): Promise<T>
  rows<R>(text: string, values?: unknown[]): Promise<R[]>
}

export async function office(): Promise<Office> {
  const fresh = await freshTenant({ solution: ARCHIVE })
  const { db, tenant } = fresh
  const kernel = <T>(work: (ctx: Context) => Promise<T>) => db.mutate(tenant, async (tx) => work(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' })))
  const team = (await kernel((ctx) => createTeam(ctx, { name: '一部' }))).id
  const hash = await hashPassword(PASSWORD)
  const ids = {} as Record<Person, number>
  for (const who of PEOPLE) {
    ids[who] = await kernel(async (ctx) => {
      const { id } = await createMember(ctx, { name: who, email: `${who}@office.example`, roles: [who], team })
      await setPassword(ctx, id, hash, { keep: null })
      return id
    })
  }
  return {
    ...fresh, ids, team,
    as: (who, work) => (who === 'kernel' ? kernel(work) : db.mutate(tenant, async (tx) => work(await memberContext(tx, ids[who], FACTS)))),
    rows: (text, values = []) => db.read(tenant, (tx) => tx.query(text, values)),
  }
}

export const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: { refusal?: { code: string } }) => error.refusal?.code ?? JSON.stringify(error))
