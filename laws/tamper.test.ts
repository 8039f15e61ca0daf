import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kernelContext } from '#kernel/access'
import { type Anchor, type Finding, type Flaw, type Sealer, sealNext, type Trust, verifyLog } from '#kernel/sealing'
import { writeOrRefuse } from '#kernel/records'
import { fingerprintOf, openSigner, trustedKeys } from '#platform/crypto'
import { createTenant, ids, type Tx } from '#platform/db'
import { loadSolution } from '../solutions/index.ts'
import { freshTenant, type FreshTenant } from '../test/tenant.ts'

const BLOCKS = 6
const PER_BLOCK = 5
let home: FreshTenant
let folder: string
let signer: Sealer
let trust: Trust

beforeAll(async () => {
  home = await freshTenant({ solution: loadSolution('crm') })
  folder = mkdtempSync(path.join(tmpdir(), 'nextmove-tamper-'))
  signer = openSigner(folder)
  await home.db.pool.query('update nextmove.tenant set demo = false')
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  home.tenant = (await home.db.tenants())[0]!
  const anchors: Anchor[] = []
  for (let block = 0; block < BLOCKS; block++) {
    const known: string[] = []
    for (let n = 0; n < PER_BLOCK; n++) {
      const id = ids.next()
      known.push(id)
      await write([{ op: 'create', object: 'lead', id, values: { name: `客户${block}-${n}`, phone: `+861380000${block}${n}00`, region: '320500' } }])
    }
    await write(known.map((id) => ({ op: 'update' as const, object: 'lead', id, values: { company: `公司${block}` } })))
    for (;;) {
      const sealed = await home.db.mutate(home.tenant, (tx) => sealNext(tx, signer))
      if (!sealed) break
      anchors.push(sealed.anchor)
    }
  }
  trust = { keys: trustedKeys([folder]), anchors }
})
afterAll(async () => { rmSync(folder, { recursive: true, force: true }); await home.drop() })

type Intents = Parameters<typeof writeOrRefuse>[1]
const write = (intents: Intents) => home.db.mutate(home.tenant, async (tx) => void (await writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'law' }, { kind: 'definition' }), intents)))

test('an untouched log is proved, and replays', async () => {
  const proof = await home.db.read(home.tenant, (tx) => verifyLog(tx, trust))
  expect(proof.findings).toEqual([])
  expect(proof).toMatchObject({ blocks: BLOCKS, waiting: 0, erased: 0, records: BLOCKS * PER_BLOCK })
  expect(proof.head).toEqual(trust.anchors.at(-1))
})

describe('as superuser', () => {
  tampered('edits what a change says was', `update {t}.change set fields = jsonb_set(fields, '{company,0}', '"别家"') where act = $act and fields ? 'company'`, 'act altered')
  tampered('edits what a change says is', `update {t}.change set fields = jsonb_set(fields, '{company,1}', '"别家"') where act = $act and fields ? 'company'`, 'act altered', 'row differs')
  tampered('edits who did it', `update {t}.act set actor_kind = 'member', actor_ref = '7' where id = $act`, 'act altered')
  tampered('edits from where', `update {t}.act set ip = '10.9.8.7' where id = $act`, 'act altered')
  tampered('edits when', `update {t}.act set at = at - interval '1 day' where id = $act`, 'act altered', 'act back-dated')
  tampered('edits because of what', `update {t}.act set cause = '{"kind":"member"}' where id = $act`, 'act altered')
  tampered('moves a change to another act', `update {t}.change set act = $act + 1 where seq = (select min(seq) from {t}.change where act = $act)`, 'act altered')
  tampered('edits a change and its leaf', `update {t}.act set ip = '1.1.1.1' where id = $act; update {t}.seal_leaf set hash = sha256('x') where act = $act`, 'act altered')
  tampered('deletes the first act', `delete from {t}.change where act = (select act from {t}.seal_leaf where position = 1); delete from {t}.act where id = (select act from {t}.seal_leaf where position = 1)`, 'act removed')
  tampered('deletes an act in the middle', `delete from {t}.change where act = $act; delete from {t}.act where id = $act`, 'act removed', 'row differs')
  tampered('deletes an act and its leaf', `delete from {t}.change where act = $act; delete from {t}.act where id = $act; delete from {t}.seal_leaf where act = $act`, 'leaf removed', 'row differs')
  tampered('deletes one change of an act', `delete from {t}.change where seq = (select min(seq) from {t}.change where act = $act)`, 'act altered', 'row differs')
  tampered('deletes the last act', `delete from {t}.change where act = (select max(id) from {t}.act); delete from {t}.act where id = (select max(id) from {t}.act)`, 'act removed', 'row differs')
  tampered('empties the log', `truncate {t}.act, {t}.change, {t}.seal_leaf, {t}.seal_block, {t}.unsealed`, 'log cut off', 'row differs')
  tampered('cuts the end off, seal and all', `delete from {t}.change where act in (select act from {t}.seal_leaf where position >= (select max(first_position) from {t}.seal_block)); delete from {t}.act where id in (select act from {t}.seal_leaf where position >= (select max(first_position) from {t}.seal_block));
    delete from {t}.seal_leaf where position >= (select max(first_position) from {t}.seal_block); delete from {t}.seal_block where number = (select max(number) from {t}.seal_block)`, 'log cut off', 'row differs')
  tampered('swaps two acts', `update {t}.seal_leaf l set act = case l.position when 3 then (select act from {t}.seal_leaf where position = 4) else (select act from {t}.seal_leaf where position = 3) end where position in (3, 4)`, 'act altered')
  tampered('swaps two leaves with their hashes', `update {t}.seal_leaf set position = -1 where position = 3; update {t}.seal_leaf set position = 3 where position = 4; update {t}.seal_leaf set position = 4 where position = -1`, 'block altered')
  tampered('swaps the values of two changes', `update {t}.change c set fields = case c.seq when x.a then (select fields from {t}.change where seq = x.b) else (select fields from {t}.change where seq = x.a) end
    from (select min(seq) as a, max(seq) as b from {t}.change where object = 'lead' and record_version = 1) x where c.seq in (x.a, x.b)`, 'act altered', 'row differs')
  tampered('inserts an act behind the product', `insert into {t}.act (actor_kind, actor_ref, cause, at) values ('member', '1', '{"kind":"member"}', clock_timestamp())`, 'act added')
  tampered('inserts a change into a sealed act', `insert into {t}.change (act, object, record, record_version, fields) values ($act, 'lead', gen_random_uuid(), 1, '{}')`, 'act altered', 'row differs')
  tampered('inserts a change of no act', `insert into {t}.change (act, object, record, record_version, fields) values (999999, 'system:member', gen_random_uuid(), 1, '{}')`, 'change added')
  tampered('adds a leaf', `insert into {t}.seal_leaf (position, act, hash) values (999999, 999999, '\\x00')`, 'leaf added')
  tampered('takes a block away', `delete from {t}.seal_block where number = 3`, 'block removed', 'log cut off')
  tampered('puts a block’s root right', `update {t}.seal_block set root = sha256('x') where number = 3`, 'block unsigned')
  tampered('dates a block back', `update {t}.seal_block set at = at - interval '1 day' where number = 3`, 'block unsigned')
  tampered('changes a row behind the log', `update {t}.o_lead set f_company = '别家' where id = (select record from {t}.change where act = $act order by seq limit 1)`, 'row differs')
  tampered('removes a row behind the log', `delete from {t}.o_lead where id = (select record from {t}.change where act = $act order by seq limit 1)`, 'row differs')
  tampered('gives a change a salt of its own', `insert into {t}.seal_salt (record, salt, since) select record, '\\x01', 0 from {t}.change where act = $act order by seq limit 1 on conflict (record) do update set salt = '\\x01'`, 'act altered')
  tampered('calls a change erased', `insert into {t}.seal_erased (seq, commitment, act) select seq, '\\x01', 1 from {t}.change where act = $act order by seq limit 1`, 'act altered')

  for (const whose of ['another key of their own', 'the trusted name'] as const) test(`seals everything anew with ${whose}: found`, async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const forger: Sealer = { key: whose === 'the trusted name' ? signer.key : fingerprintOf(publicKey), sign: (text) => sign(null, Buffer.from(text), privateKey) }
    const found = await onceAndBack(async (tx) => {
      await tx.query(`update {t}.act set ip = '10.9.8.7' where id = $1`, [await actInTheMiddle(tx)])
      await tx.query('insert into {t}.unsealed select act from {t}.seal_leaf')
      await tx.query('delete from {t}.seal_leaf')
      await tx.query('delete from {t}.seal_block')
      await sealNext(tx, forger)
    })
    expect(flaws(found)).toEqual(expect.arrayContaining([whose === 'the trusted name' ? 'block unsigned' : 'key unknown', 'log rewritten', 'log cut off'] satisfies Flaw[]))
  })

  test('seals everything anew with the stolen key: what the outside was told finds it', async () => {
    const found = await onceAndBack(async (tx) => {
      await tx.query(`insert into {t}.unsealed select act from {t}.seal_leaf`)
      await tx.query('delete from {t}.seal_leaf')
      await tx.query('delete from {t}.seal_block')
      await sealNext(tx, signer)
    })
    expect(flaws(found)).toEqual(['log cut off', 'log rewritten'])
  })

  test('brings in the log of another tenant: its name is not this one’s', async () => {
    const other = await createTenant(home.db, { key: 'other', name: 'Other' })
    await home.db.mutate(other, async (tx) => { await tx.query(`insert into {t}.act (actor_kind, actor_ref, cause, at) select 'system', 'x', '{}', clock_timestamp() from generate_series(1, 3)`); await tx.query('insert into {t}.unsealed select id from {t}.act'); await sealNext(tx, signer) })
    const found = await onceAndBack(async (tx) => {
      for (const table of ['seal_block', 'seal_leaf', 'change', 'act']) { await tx.query(`delete from {t}.${table}`); await tx.query(`insert into {t}.${table} select * from "${other.schema}".${table}`) }
    })
    expect(flaws(found)).toEqual(expect.arrayContaining(['block unsigned', 'log rewritten'] satisfies Flaw[]))
  })
})

test('the server itself can neither change nor remove what it has said', async () => {
  for (const table of ['act', 'change', 'seal_leaf', 'seal_block', 'seal_salt', 'seal_erased']) for (const statement of [`delete from {t}.${table}`, `truncate {t}.${table}`, `drop table {t}.${table}`, `alter table {t}.${table} add column x int`])
    await expect(home.db.mutate(home.tenant, (tx) => tx.query(statement))).rejects.toMatchObject({ code: '42501' })
  await expect(home.db.mutate(home.tenant, (tx) => tx.query(`update {t}.change set fields = '{}'`))).rejects.toMatchObject({ code: '42501' })
})

/** Done by one who may do everything; every finding names the place where it was done. */
function tampered(what: string, statements: string, ...expected: Flaw[]): void {
  test(`${what}: found and named`, async () => {
    let act = 0
    const found = await onceAndBack(async (tx) => {
      act = await actInTheMiddle(tx)
      for (const each of statements.split('; ')) await tx.query(each.replaceAll('$act', String(act)))
    })
    expect(flaws(found)).toEqual(expect.arrayContaining(expected))
    expect(found.filter((each) => (each.act ?? each.block ?? each.record) === undefined)).toEqual([])
    const namesIt = expected[0] === 'act altered' && statements.includes('$act')
    expect(namesIt && !found.some((each) => each.act === act)).toBe(false)
  })
}

const flaws = (found: readonly Finding[]): Flaw[] => [...new Set(found.map(({ flaw }) => flaw))].sort()

async function actInTheMiddle(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ act: number }>(`select l.act from {t}.seal_leaf l join {t}.seal_block b on l.position = b.last_position where b.number = 3`)
  return row!.act
}

/** What verify says while it stands; then nothing has happened. */
async function onceAndBack(work: (tx: Tx) => Promise<void>): Promise<Finding[]> {
  let found: Finding[] = []
  class Enough extends Error {}
  await home.db.mutate(home.tenant, async (tx) => {
    await tx.query(`select set_config('role', 'none', true)`)
    await work(tx)
    found = (await verifyLog(tx, trust)).findings
    throw new Enough()
  }).catch((error: unknown) => { if (!(error instanceof Enough)) throw error })
  return found
}
