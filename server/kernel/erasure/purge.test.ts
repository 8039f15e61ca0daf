import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Refused } from '#contract'
import { noticesOf } from '#kernel/delivery'
import { deletedRecords, undoActs, verifyTenant, type Intent, writeOrRefuse } from '#kernel/records'
import { checkSeal, sealNext } from '#kernel/sealing'
import { openSigner, trustedKeys } from '#platform/crypto'
import { advanceClock, ids } from '#platform/db'
import { openStore } from '#platform/files'
import { emptyBin } from '../../start/erasures.ts'
import { PEOPLE, workshop, type Workshop } from '../records/testing/workshop.ts'

const DAY = 86_400_000
let home: Workshop
let folder: string
beforeEach(async () => { home = await workshop(); folder = mkdtempSync(path.join(tmpdir(), 'nextmove-purge-')) })
afterEach(async () => { rmSync(folder, { recursive: true, force: true }); await home.drop() })

const empty = () => emptyBin(home.db, home.tenant, openStore(folder))
const bin = () => home.looking('chief', (ctx) => deletedRecords(ctx, 'job', { limit: 50 }))
const rows = <R>(text: string, values: unknown[] = []) => home.looking('kernel', ({ tx }) => tx.query<R>(text, values))
const seal = async () => { while (await home.db.mutate(home.tenant, (tx) => sealNext(tx, openSigner(folder)))) { /* all of it */ } }
async function jobs(n: number): Promise<string[]> {
  const made = Array.from({ length: n }, () => ids.next())
  await home.as('chief', (ctx) => writeOrRefuse(ctx, made.map((id, i): Intent => ({ op: 'create', object: 'job', id, values: { name: `机密单${i}`, phone: '+8613800000000' } }))))
  return made
}
const remove = (all: readonly string[]) => home.as('chief', (ctx) => writeOrRefuse(ctx, all.map((id): Intent => ({ op: 'delete', object: 'job', id }))))

test('U10 U11 told a week before, then gone for good; the log stays proved', async () => {
  const [gone, kept] = [await jobs(12), await jobs(3)]
  await remove(gone)
  await seal()
  const [first] = (await bin()).items
  expect(Math.round((Date.parse(first!.purgeAt) - Date.parse(first!.at)) / DAY)).toBe(90)
  expect(await empty()).toEqual({ told: 0, purged: 0 })
  await advanceClock(home.db, home.tenant, 84 * DAY)
  expect(await empty()).toEqual({ told: 1, purged: 0 })
  expect(await empty()).toEqual({ told: 0, purged: 0 })
  expect((await home.looking('kernel', ({ tx }) => noticesOf(tx, { member: PEOPLE.chief, limit: 5 })))[0]).toMatchObject({ title: '回收站里有 12 条维修单将在 7 天后彻底删除', object: 'system:trash' })
  expect(Math.round((Date.parse((await bin()).items[0]!.purgeAt) - Date.parse(first!.at)) / DAY)).toBe(91)
  await advanceClock(home.db, home.tenant, 8 * DAY)
  expect(await empty()).toEqual({ told: 0, purged: 12 })
  expect((await bin()).items).toEqual([])
  expect((await rows<{ id: string }>('select id from {t}.o_job order by id')).map(({ id }) => id)).toEqual(kept.toSorted())
  expect(JSON.stringify(await rows('select fields from {t}.change where record = any($1)', [gone]))).not.toMatch(/机密|138/)
  const [said] = await rows<{ fields: object; act: number }>(`select fields, act from {t}.change where object = 'system:purge'`)
  expect(said!.fields).toEqual({ object: [null, '维修单'], records: [null, 12], changes: [null, 24], acts: [null, 0] })
  await seal()
  const proved = await home.db.read(home.tenant, (tx) => checkSeal(tx, { keys: trustedKeys([folder]), anchors: [] }))
  expect([proved.findings, proved.erasures]).toEqual([[], [{ act: said!.act, n: 24 }]])
  expect((await home.as('kernel', verifyTenant)).differences).toEqual([])
})

test('U11 what living records belong to stays; what came back is left alone', async () => {
  const [parent, back] = await jobs(2)
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'create', object: 'visit', values: { note: '看过', job: parent } }]))
  const [deletion] = await remove([parent!, back!])
  await advanceClock(home.db, home.tenant, 84 * DAY)
  await empty()
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [{ op: 'restore', object: 'job', id: back! }]))
  await advanceClock(home.db, home.tenant, 30 * DAY)
  expect(await empty()).toEqual({ told: 0, purged: 0 })
  expect((await rows('select id from {t}.o_job')).length).toBe(2)
  await home.as('chief', async (ctx) => writeOrRefuse(ctx, (await ctx.tx.query<{ id: string }>('select id from {t}.o_visit')).map(({ id }): Intent => ({ op: 'delete', object: 'visit', id }))))
  expect(await empty()).toEqual({ told: 0, purged: 1 })
  const undone = await home.as('chief', (ctx) => undoActs(ctx, [deletion!.act!])).catch((error: unknown) => (error instanceof Refused ? error.refusal.code : error))
  expect(JSON.stringify(undone)).not.toContain('机密单0')
  expect((await rows('select id from {t}.o_job')).length).toBe(1)
})
