import { expect } from 'vitest'
import { publishAll } from '#kernel/metadata'
import type { Policy } from '#language/definitions'
import type { Workshop } from '../../records/testing/workshop.ts'

const label = { zh: '策略', en: 'Policy' }

/** In this workshop these policies are in force and no others. */
export async function decreeIn(home: Workshop, policies: readonly Partial<Policy>[]): Promise<void> {
  await home.as('chief', async (ctx) => {
    const gone = [...ctx.metadata.policies.keys()].filter((key) => Number(key.slice(1)) >= policies.length).map((key) => ({ kind: 'policy' as const, key, body: null }))
    const drafts = policies.map((policy, i) => ({ kind: 'policy' as const, key: `p${i}`, body: { key: `p${i}`, label, object: 'job', effect: 'limit', fields: {}, actions: [], ...policy } }))
    expect(await publishAll(ctx, [...gone, ...drafts])).toMatchObject({ ok: true })
  })
}
