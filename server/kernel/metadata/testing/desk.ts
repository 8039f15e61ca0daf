import { afterEach, beforeEach } from 'vitest'
import type { DefinitionKind, Solution } from '#language/definitions'
import { metadataOf, publish, type Author, type Metadata, type PublishOptions, type PublishResult } from '#kernel/metadata'
import type { Tx } from '#platform/db'
import { LIBRARY } from '../../../../test/library.ts'
import { type FreshTenant, freshTenant } from '../../../../test/tenant.ts'

export const ADMIN = { kind: 'member', id: 1 } as const

/** A library tenant for each test, and short ways to publish in it. */
export class Desk {
  home!: FreshTenant

  constructor(solution: Solution = LIBRARY) {
    beforeEach(async () => { this.home = await freshTenant({ solution }) })
    afterEach(() => this.home.drop())
  }

  mutate = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => this.home.db.mutate(this.home.tenant, work)
  author = (tx: Tx): Author => ({ tx, actor: ADMIN, request: { id: 'r1', ip: '10.0.0.1', agent: 'test' } })
  publish = (kind: DefinitionKind, key: string, body: unknown, options?: PublishOptions): Promise<PublishResult> =>
    this.mutate((tx) => publish(this.author(tx), kind, key, body, options))
  metadata = (): Promise<Metadata> => this.home.db.read(this.home.tenant, metadataOf)
  rows = <R = Record<string, unknown>>(sql: string, values: readonly unknown[] = []): Promise<R[]> => this.home.db.mutate(this.home.tenant, (tx) => tx.query<R>(sql, values))

  /** A record written straight into its table. */
  async record(object: string, values: Record<string, unknown>): Promise<void> {
    const names = Object.keys(values).map((each) => `"${each}"`)
    await this.mutate((tx) => tx.query(
      `insert into {t}."o_${object}" (id, version, created_at, updated_at${names.map((each) => `, ${each}`).join('')}) values (gen_random_uuid(), 1, $1, $1${names.map((_, i) => `, $${i + 2}`).join('')})`,
      [tx.now, ...Object.values(values)]))
  }
}

/** A part of the library, deep-copied so that a test may change it. */
export function copyOf<K extends DefinitionKind>(kind: K, key: string): Solution[K][number] {
  return structuredClone((LIBRARY[kind] as { key: string }[]).find((each) => each.key === key)!) as Solution[K][number]
}

/** code and path of each refusal, or the word ok. */
export const outcome = (result: PublishResult): unknown => (result.ok ? 'ok' : result.refusals.map(({ code, path }) => `${code} ${path ?? ''}`.trim()))
