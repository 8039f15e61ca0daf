import { hash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appendChanges, type ChangeDraft } from '#kernel/changes'
import { type Anchor, checkSeal, LogBroken, type Sealed, sealNext, sealOf } from '#kernel/sealing'
import { openSigner, trustedKeys } from '#platform/crypto'
import { ids, openDatabase, pastTheGuard } from '#platform/db'
import { workshop, type Workshop } from '../records/testing/workshop.ts'
import { rootOf } from './tree.ts'

let home: Workshop
let folder: string
beforeAll(async () => { home = await workshop(); folder = mkdtempSync(path.join(tmpdir(), 'nextmove-seal-')) })
afterAll(async () => { rmSync(folder, { recursive: true, force: true }); await home.drop() })

const change = (more: Partial<ChangeDraft> = {}): ChangeDraft => ({ act: 0, object: 'job', record: ids.next(), recordVersion: 1, event: 'created', fields: { name: [null, 'x'] }, todo: false, ...more })
const act = (more: object = {}) => ({ actor: { kind: 'system' as const, reason: 'test' }, cause: { kind: 'backfill' as const }, ...more })
const append = (...changes: ChangeDraft[]) => home.as('kernel', async (ctx) => (await appendChanges(ctx, [act()], changes))[0]!.act)
const seal = (known: Anchor | null = null): Promise<Sealed | null> => home.db.mutate(home.tenant, (tx) => sealNext(tx, openSigner(folder), known))
const check = (anchors: Anchor[] = []) => home.db.read(home.tenant, (tx) => checkSeal(tx, { keys: trustedKeys([folder]), anchors }))
async function everything(): Promise<Sealed> { for (let last: Sealed | null = null; ;) { const next = await seal(); if (!next) return last!; last = next } }

test('Z1 Z7 a block of what waits, then none', async () => {
  await everything()
  const waiting = await append(change())
  expect(await home.db.read(home.tenant, (tx) => sealOf(tx, [waiting]))).toEqual(new Map())
  const sealed = await seal()
  expect(sealed).toMatchObject({ acts: 1, anchor: { incarnation: 1 } })
  expect(await seal()).toBeNull()
  const next = await append(change()).then(() => seal())
  expect(next!.anchor).toMatchObject({ number: sealed!.anchor.number + 1, position: sealed!.anchor.position + 1 })
  expect(await home.db.read(home.tenant, (tx) => sealOf(tx, [waiting]))).toEqual(new Map([[waiting, sealed!.anchor.number]]))
  expect(await check([sealed!.anchor, next!.anchor])).toMatchObject({ waiting: 0, findings: [], head: next!.anchor })
})

test('Z2 a late commit, and several sealers at once', async () => {
  await everything()
  let finish!: () => void
  const told = new Promise<void>((resolve) => { finish = resolve })
  let late = 0
  const slow = home.as('kernel', async (ctx) => { late = (await appendChanges(ctx, [act()], [change()]))[0]!.act; await told })
  while (late === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  const early = await append(change())
  const first = await seal()
  finish()
  await slow
  const others = Array.from({ length: 3 }, () => openDatabase({ ...(home.db.pool as unknown as { options: object }).options, max: 1 }))
  for (let n = 0; n < 20; n++) await append(change())
  const sealed = (await Promise.all(others.map((db) => db.mutate(home.tenant, (tx) => sealNext(tx, openSigner(folder)))))).filter(Boolean)
  expect(sealed.reduce((sum, each) => sum + each!.acts, 0)).toBe(21)
  for (const each of others) await each.close()
  const blocks = await home.db.read(home.tenant, (tx) => sealOf(tx, [early, late]))
  expect(blocks.get(early)).toBe(first!.anchor.number)
  expect(blocks.get(late)!).toBeGreaterThan(first!.anchor.number)
  expect((await check()).findings).toEqual([])
})

test('Z3 two implementations of one leaf, whatever stands in it', async () => {
  const odd = ['', ' ', 'null', '"', '\\', 'a\nb\r\t\b\f', '引号“”，全角ＡＢ', '👩‍👩‍👧‍👦', '\u2028\u2029\u007f\u001f\u0001', 'é é', '\\u0041', '</script>', '0.10', 'x'.repeat(9_000)]
  await home.as('kernel', (ctx) => appendChanges(ctx, odd.map((text) => ({ actor: { kind: 'system' as const, reason: text }, cause: { kind: 'backfill' as const, event: 9_007_199_254_740_991 }, ip: text, agent: text, request: text, reason: text })),
    odd.flatMap((text, i) => [change({ act: i, fields: { name: [null, text], [text.slice(0, 60).replaceAll('\n', '')]: [1e21, { b: [text], a: 1.5, 长: null }] } }), change({ act: i, fields: {} })])))
  await everything()
  expect((await check()).findings).toEqual([])
})

test('Z4 the tree of RFC 6962', () => {
  const sha = (...parts: (Buffer | string)[]) => hash('sha256', Buffer.concat(parts.map((part) => Buffer.from(part as string))), 'buffer')
  const reference = (leaves: readonly Buffer[]): Buffer => {
    if (leaves.length <= 1) return leaves[0] ?? sha('')
    const split = 2 ** Math.floor(Math.log2(leaves.length - 1))
    return sha('\x01', reference(leaves.slice(0, split)), reference(leaves.slice(split)))
  }
  const sizes = Array.from({ length: 40 }, (_, n) => Array.from({ length: n }, (_, i) => sha(`leaf ${i}`)))
  expect(sizes.map((leaves) => rootOf(leaves).toString('hex'))).toEqual(sizes.map((leaves) => reference(leaves).toString('hex')))
})

test('Z5 Z8 what was erased keeps its leaf', async () => {
  const member = ids.next()
  await append(change({ object: 'system:member', record: member, fields: { name: [null, '张三'], phone: [null, '+8613800000000'] } }))
  await everything()
  const [known] = await home.db.read(home.tenant, (tx) => tx.query<{ salt: Buffer; seq: number; fields: string }>('select s.salt, c.seq, c.fields::text as fields from {t}.seal_salt s join {t}.change c using (record) where record = $1', [member]))
  const commitment = hash('sha256', Buffer.concat([known!.salt, Buffer.from(known!.fields)]), 'buffer')
  const by = await home.as('kernel', async (ctx) => (await appendChanges(ctx, [act()], [change({ object: 'system:erasure', fields: { changes: [null, 1], acts: [null, 0] } })]))[0]!.act)
  const erase = (kept: Buffer, who = by) => home.db.mutate(home.tenant, (tx) => pastTheGuard(tx, async () => {
    await tx.query(`update {t}.change set fields = '{"name": [null, null], "phone": [null, null]}' where seq = $1`, [known!.seq])
    await tx.query('delete from {t}.seal_salt where record = $1', [member])
    await tx.query('insert into {t}.seal_erased (seq, commitment, act) values ($1, $2, $3) on conflict (seq) do update set commitment = excluded.commitment, act = excluded.act', [known!.seq, kept, who])
  }))
  await erase(commitment)
  expect(await check()).toMatchObject({ erased: 1, erasures: [{ act: by, n: 1 }], findings: [] })
  await erase(commitment, 1)
  expect((await check()).findings).toEqual([{ flaw: 'erased otherwise', act: 1, detail: '1 + 0' }])
  await erase(Buffer.alloc(32))
  expect((await check()).findings).toMatchObject([{ flaw: 'act altered', record: member }])
  await erase(commitment)
})

test('Z6 a log that was cut is left as it is', async () => {
  const { anchor } = (await append(change()).then(() => everything()))
  await append(change())
  const refused = (known: Anchor) => expect(seal(known)).rejects.toBeInstanceOf(LogBroken)
  await refused({ ...anchor, hash: 'other' })
  await refused({ ...anchor, number: anchor.number + 1 })
  expect(await seal({ ...anchor, log: 'an earlier demonstration', number: 99_999 })).not.toBeNull()
})
