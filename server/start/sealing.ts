import { watchCommits } from '#kernel/changes'
import { LogBroken, MOST_IN_A_BLOCK, type Sealed, type Sealer, sealNext } from '#kernel/sealing'
import { openSigner } from '#platform/crypto'
import { isRetryable, type OpenDatabase, type Tenant } from '#platform/db'
import { openEgress, parseOpened } from '#platform/egress'
import type { Log } from '#platform/telemetry'
import { type Anchors, openAnchors } from './anchors.ts'
import type { Options } from './options.ts'

/** A commit is sealed within a second: looked for at every beat, asked of the database at every other. */
const BEAT_MS = 400
/** How often a line is added for good. */
const ANCHOR_MS = 30_000
const TOGETHER = 50

export type SealingOptions = Pick<Options, 'sealDir' | 'anchorDir' | 'anchorWebhook'>
export interface Sealing { stop(): Promise<void> }

/** Seals every tenant's log as it grows, and tells the outside where it ends. Several processes may do it at once; a log that was cut is left as it is, and said. */
export function startSealing(db: OpenDatabase, options: SealingOptions, log: Log): Sealing {
  const house = new House(db, options, log)
  const unwatch = watchCommits(({ tenant }) => house.waiting.set(tenant.id, tenant))
  let [working, over, beats] = [Promise.resolve(), false, 0]
  const beat = async (): Promise<void> => {
    if (beats++ % 2 === 0) for (const tenant of await house.unsealed()) house.waiting.set(tenant.id, tenant)
    const due = [...house.waiting.values()]
    house.waiting.clear()
    for (const tenant of due) if (!over) await house.seal(tenant)
  }
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    working = beat().catch((err: unknown) => { if (!isRetryable(err)) log.warn({ err }, 'sealing') }).finally(() => { busy = false })
  }, BEAT_MS).unref()
  return { stop: async () => { unwatch(); clearInterval(timer); await working; over = true; await house.close() } }
}

class House {
  readonly waiting = new Map<number, Tenant>()
  readonly #db: OpenDatabase
  readonly #log: Log
  readonly #signer: Sealer
  readonly #anchors: Anchors
  readonly #webhook: string | null
  readonly #egress: ReturnType<typeof openEgress>
  readonly #told = new Map<number, number>()
  readonly #broken = new Set<number>()

  constructor(db: OpenDatabase, { sealDir, anchorDir, anchorWebhook }: SealingOptions, log: Log) {
    this.#db = db
    this.#log = log
    this.#signer = openSigner(sealDir)
    this.#anchors = openAnchors(anchorDir)
    this.#webhook = anchorWebhook
    this.#egress = openEgress({ opened: parseOpened(process.env['EGRESS_ALLOW'] ?? '') })
  }

  /** As many blocks as it takes for what waited: what is committed meanwhile comes with the next beat, or every few acts would make a block of their own. */
  async seal(tenant: Tenant): Promise<void> {
    if (this.#broken.has(tenant.id)) return
    try {
      for (;;) {
        const sealed = await this.#db.mutate(tenant, (tx) => sealNext(tx, this.#signer, this.#anchors.head(tenant)))
        if (sealed) await this.#tell(tenant, sealed)
        if (!sealed || sealed.acts < MOST_IN_A_BLOCK) return
      }
    } catch (error) {
      if (!(error instanceof LogBroken)) throw error
      this.#broken.add(tenant.id)
      this.#log.error({ tenant: tenant.key }, `审计日志的封存已停止：${error.message}，请运行 nextmove verify · sealing has stopped: run nextmove verify`)
    }
  }

  /** The head at once; a line for good, and the webhook, at most every half minute. */
  async #tell(tenant: Tenant, { anchor }: Sealed): Promise<void> {
    this.#anchors.setHead(tenant, anchor)
    if (Date.now() - (this.#told.get(tenant.id) ?? 0) < ANCHOR_MS) return
    this.#told.set(tenant.id, Date.now())
    this.#anchors.add(tenant, anchor)
    if (!this.#webhook) return
    const body = JSON.stringify({ tenant: tenant.key, ...anchor })
    await this.#egress.send({ method: 'POST', url: this.#webhook, headers: { 'content-type': 'application/json' }, body }).catch((err: unknown) => this.#log.warn({ err }, 'anchor webhook'))
  }

  async unsealed(): Promise<Tenant[]> {
    const tenants = await this.#db.tenants()
    const found = new Set<number>()
    for (let i = 0; i < tenants.length; i += TOGETHER) {
      const asked = tenants.slice(i, i + TOGETHER).map(({ id, schema }) => `select ${id} as id where exists (select from "${schema}".unsealed)`)
      for (const { id } of (await this.#db.pool.query<{ id: number }>(asked.join(' union all '))).rows) found.add(id)
    }
    return tenants.filter(({ id }) => found.has(id))
  }

  close(): Promise<void> { return this.#egress.close() }
}
