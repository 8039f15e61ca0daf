import { refused } from '#contract'
import type { RouteParsed, Routes } from '#contract/api'
import { kernelContext, memberContext, type RequestFacts } from '#kernel/access'
import { endSession, found, founderHash, isEmpty, linkOf, openSession, useLink } from '#kernel/members'
import { isZone } from '#language/values'
import type { Tenant, Tx } from '#platform/db'
import { limiter, networkOf } from '#platform/http'
import { sessionCookie } from './cookies.ts'
import { entered } from './auth.ts'
import { cards } from './demo-cards.ts'
import { perHouse } from './per-house.ts'
import type { Api, Some } from './types.ts'

const limitOf = perHouse(() => limiter('set-up', { points: 30, seconds: 900 }))

/** The first minutes of an installation, and of a demonstration. */
export const founding: Some<'setup' | 'demoCards' | 'demoSignIn' | 'demoReset'> = {
  setup: { open: async (call, { body }) => {
    const { api, tenant, facts } = call
    await limitOf(api).take(networkOf(facts.ip))
    if (!(await isEmpty(api.db, tenant))) refused('SET_UP_ALREADY')
    const link = await api.db.read(tenant, (tx) => linkOf(tx, body.token))
    if (link.kind !== 'setup') refused('LINK_INVALID', 'token')
    if (!api.solutions.list().some(({ key }) => key === body.solution)) refused('VALUE_INVALID', 'solution', { field: '方案 · solution', reason: body.solution })
    if (body.zone !== undefined && !isZone(body.zone)) refused('VALUE_INVALID', 'zone', { field: '时区 · zone', reason: body.zone })
    const hash = await founderHash(body.administrator)
    const { member, token } = await alone(api, tenant, async () => {
      await api.solutions.install(tenant, body.solution)
      return api.db.mutate(tenant, (tx) => begin(tx, body, { hash, facts }))
    })
    return entered({ ...call, tenant: (await api.db.tenantByKey(tenant.key)) ?? tenant }, member, token)
  } },
  demoCards: { open: async ({ api, tenant }) => {
    if (!api.settings.demo || !tenant.demo) return { lan: null, cards: [] }
    return api.db.read(tenant, async (tx) => ({ lan: api.settings.publicUrl ?? api.settings.lanUrl, cards: await cards(await kernelContext(tx, { kind: 'system', reason: 'demo' }, { kind: 'member' })) }))
  } },
  demoSignIn: { open: async (call, { body }) => {
    const { api, tenant, request, facts } = call
    if (!api.settings.demo || !tenant.demo) refused('NOT_FOUND')
    const before = sessionCookie(request, tenant.key)
    const token = await api.db.mutate(tenant, async (tx) => {
      await memberContext(tx, body.member, facts)
      if (before) await endSession(tx, before)
      return openSession(tx, body.member, facts)
    })
    return entered(call, body.member, token)
  } },
  demoReset: { open: async ({ api, tenant }) => {
    if (!api.settings.demo || !tenant.demo || !api.resetDemo) refused('NOT_FOUND')
    await alone(api, tenant, () => api.resetDemo!(tenant))
    return { done: true }
  } },
}

type Setup = RouteParsed<Routes['setup']>['body']

async function begin(tx: Tx, body: Setup, { hash, facts }: { hash: string; facts: RequestFacts }): Promise<{ member: number; token: string }> {
  await useLink(tx, body.token, ['setup'])
  const ctx = await kernelContext(tx, { kind: 'system', reason: 'set-up' }, { kind: 'definition' })
  const { id } = await found({ ...ctx, request: facts }, body.administrator, hash)
  await tx.query(`update nextmove.tenant set name = $2, zone = coalesce($3, zone) where id = $1`, [tx.tenant.id, body.company.trim(), body.zone ?? null])
  return { member: id, token: await openSession(tx, id, facts) }
}

// As long as a list of tenants may be remembered.
const REMEMBERED_MS = 1_100

/** One at a time, and nobody else meanwhile: half a solution is nothing to work with. */
async function alone<T>(api: Api, tenant: Tenant, work: () => Promise<T>): Promise<T> {
  if (api.closed.has(tenant.key)) refused('BUSY')
  api.closed.add(tenant.key)
  try {
    const done = await work()
    await new Promise((resolve) => setTimeout(resolve, REMEMBERED_MS))
    return done
  } finally {
    api.live.empty(tenant.id)
    api.closed.delete(tenant.key)
    api.wake()
  }
}
