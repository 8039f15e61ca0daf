import type { FastifyInstance } from 'fastify'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { enterpriseDoor } from '#channels/oidc'
import { kernelContext } from '#kernel/access'
import { createMember, createTeam, setPassword, updateMember } from '#kernel/members'
import type { Capability } from '#language/definitions'
import { regionOfIp } from '#platform/geo'
import { createLog } from '#platform/telemetry'
import { openEgress, parseOpened } from '#platform/egress'
import { openStore } from '#platform/files'
import { hashPassword } from '#platform/crypto'
import { loadSolution } from '../../../solutions/index.ts'
import { freshTenant, type FreshTenant } from '../../../test/tenant.ts'
import { inboundPushes } from '../../start/inbound.ts'
import { trackingLinks } from '../../start/links.ts'
import { leavingThere } from '../../start/leaving.ts'
import { intakePorts, webForms } from '../../start/web-form.ts'
import { type Api, buildApp, Hub } from '../index.ts'

export const PASSWORD = '一个很长的密码 2026'
let hashed: Promise<string> | undefined

export interface Person { id: number; cookie: string; csrf: string }
export interface House extends FreshTenant {
  /** Where contents of files lie. */
  filesFolder: string
  app: FastifyInstance
  api: Api
  people: Record<'admin' | 'director' | 'supervisor' | 'sales' | 'rival' | 'finance', Person>
  /** Ask as somebody; the answer parsed. Without a person: as nobody. */
  ask(who: Person | null, method: string, url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  close(): Promise<void>
}
export interface Answer { status: number; headers: Record<string, unknown>; raw: Buffer; body: any } // eslint-disable-line @typescript-eslint/no-explicit-any

const CAST = [
  ['admin', '周敏', 'admin', null], ['director', '陈志远', 'director', 'admin'], ['supervisor', '王海燕', 'supervisor', 'director'],
  ['sales', '李思琪', 'sales', 'supervisor'], ['rival', '赵一鸣', 'sales', 'supervisor'], ['finance', '钱多多', 'finance', 'admin'],
] as const

/** The standard solution, six people, and the whole of HTTP, in a database of the test's own. */
export async function house(settings: Partial<Api['settings']> = {}): Promise<House> {
  const home = await freshTenant({ solution: loadSolution('crm') })
  const ids = await settle(home)
  const filesFolder = mkdtempSync(path.join(tmpdir(), 'nextmove-files-'))
  const egress = openEgress({ opened: parseOpened('127.0.0.1'), maxBytes: 512 * 1024 })
  const log = createLog(process.env['LOG_LEVEL'] ?? 'silent')
  const api: Api = {
    db: home.db, log, mail: null, enterprise: enterpriseDoor(egress), resetDemo: null, backedUp: null, backups: null, closed: new Set(), files: { store: openStore(filesFolder), scanner: null }, wake: () => {}, live: new Hub(home.db, log), intake: { ...intakePorts, regionOfIp },
    settings: { version: 'test', startedAt: new Date(), embedded: true, testClock: true, demo: true, publicUrl: null, ownUrl: 'http://localhost:3000', lanUrl: null, checkAnswers: true, ...settings },
    solutions: { list: () => [{ key: 'crm', label: { zh: '标准 CRM', en: 'Standard CRM' }, sample: false }], install: async () => {}, brings: (file) => file === 'materials/mes-whitepaper.pdf' },
  }
  const app = await buildApp(api, { webFolder: '/nonexistent', channels: [webForms(home.db), inboundPushes(home.db), leavingThere(home.db, api.enterprise), trackingLinks(home.db, (error) => { throw error })] })
  const ask = asker(app)
  const people = Object.fromEntries(await Promise.all(Object.entries(ids).map(async ([key, id]) => [key, await signedIn(ask, key, id)]))) as House['people']
  return { ...home, app, api, ask, people, filesFolder, close: async () => { await app.close(); await egress.close(); await home.drop(); rmSync(filesFolder, { recursive: true, force: true }) } }
}

async function settle({ db, tenant }: FreshTenant): Promise<Record<string, number>> {
  const hash = await (hashed ??= hashPassword(PASSWORD))
  const ids: Record<string, number> = {}
  const team = await db.mutate(tenant, async (tx) => createTeam(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), { name: '华东区' }))
  for (const [key, name, role, above] of CAST) {
    await db.mutate(tenant, async (tx) => {
      const ctx = await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' })
      const { id } = await createMember(ctx, { name, email: `${key}@example.com`, roles: [role], team: team.id, supervisor: above === null ? null : ids[above]!, capability: { skills: [], regions: [], capacity: 40 } })
      await setPassword(ctx, id, hash, { keep: null })
      ids[key] = id
    })
  }
  return ids
}

const asker = (app: FastifyInstance): House['ask'] => async (who, method, url, body, headers = {}) => {
  const response = await app.inject({
    method: method as 'GET', url, remoteAddress: '127.0.0.1',
    headers: { ...(who?.cookie && { cookie: who.cookie }), ...(who?.csrf && method !== 'GET' && { 'x-csrf-token': who.csrf }), ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
  })
  return { status: response.statusCode, headers: response.headers, body: /json/.test(String(response.headers['content-type'])) ? response.json() : response.body, raw: response.rawPayload }
}

async function signedIn(ask: House['ask'], key: string, id: number): Promise<Person> {
  const answer = await ask(null, 'POST', '/api/v1/auth/sign-in', { account: `${key}@example.com`, password: PASSWORD })
  if (answer.status !== 200) throw new Error(`${key}: ${JSON.stringify(answer.body)}`)
  return { id, cookie: String(answer.headers['set-cookie']).split(';')[0]!, csrf: answer.body.csrf }
}

const ABLE: Capability = { skills: ['auto'], regions: ['310000'], capacity: 40 }
/** What these people can take: cars, in Shanghai, forty, where nothing else is said. */
export const capable = ({ db, tenant }: House, who: readonly Person[], capability: Partial<Capability> = {}): Promise<void> => db.mutate(tenant, async (tx) => {
  const ctx = await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' })
  for (const { id } of who) await updateMember(ctx, id, { capability: { ...ABLE, ...capability } })
})
