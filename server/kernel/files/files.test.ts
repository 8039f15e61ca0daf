import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Refused } from '#contract'
import { write, writeOrRefuse, getRecord } from '#kernel/records'
import { openStore } from '#platform/files'
import { PEOPLE, type Person, type Workshop, workshop } from '../records/testing/workshop.ts'
import { cleanName, fileAt, filesOf, sweepFiles, takeUpload, type Scanner } from './index.ts'

let home: Workshop
const folder = mkdtempSync(path.join(tmpdir(), 'nextmove-files-'))
const store = openStore(folder)
beforeAll(async () => { home = await workshop() })
afterAll(async () => { await home.drop(); rmSync(folder, { recursive: true, force: true }) })

const NOWHERE = '01900000-0000-7000-8000-000000000000'
const upload = (by: Person, text: string, { name = '现场.txt', scanner = null as Scanner | null } = {}) =>
  takeUpload({ db: home.db, store, scanner }, home.tenant, { name, by: PEOPLE[by], from: Readable.from([Buffer.from(text)]) })
const job = (by: Person, values: object = {}) => home.as(by, async (ctx) => (await writeOrRefuse(ctx, [{ op: 'create', object: 'job', values: { name: '修屏', ...values } }]))[0]!.id)
const put = (by: Person, id: string, values: Record<string, unknown>) => home.as(by, async (ctx) => { const done = await write(ctx, [{ op: 'update', object: 'job', id, values }]); return done.ok ? 'done' : done.refusals[0]!.refusal.code })
const code = (work: Promise<unknown>) => work.then(() => 'read', (error: unknown) => (error instanceof Refused ? error.refusal.code : String(error)))
const read = (who: Person, id: string, field: string, file: string) => code(home.looking(who, (ctx) => fileAt(ctx, { object: 'job', id, field, file })))

it('L1 a file is read where it is shown, and nowhere else', async () => {
  const [photo, paper] = [await upload('ann', '一'), await upload('ann', '二')]
  const id = await job('ann', { photos: [photo.id], attachments: [paper.id] })
  const other = await job('bob')
  expect((await home.looking('ann', (ctx) => filesOf(ctx, 'job', id))).map(({ id: file, field, name }) => [file, field, name])).toEqual([[paper.id, 'attachments', '现场.txt'], [photo.id, 'photos', '现场.txt']])
  expect(await read('ann', id, 'photos', photo.id)).toBe('read')
  expect(await read('chief', id, 'attachments', paper.id)).toBe('read')
  // Another field, a field of another kind, another record, nobody's file, a record out of reach, no such object right.
  expect(await read('ann', id, 'attachments', photo.id)).toBe('NOT_FOUND')
  expect(await read('ann', id, 'name', photo.id)).toBe('NOT_FOUND')
  expect(await read('chief', other, 'photos', photo.id)).toBe('NOT_FOUND')
  expect(await read('ann', id, 'photos', NOWHERE)).toBe('NOT_FOUND')
  expect(await read('bob', id, 'photos', photo.id)).toBe('NOT_FOUND')
  expect(await read('nobody', id, 'photos', photo.id)).toBe('NOT_FOUND')
  // Taken off the record, it is no longer to be had.
  expect(await put('ann', id, { photos: null })).toBe('done')
  expect(await read('ann', id, 'photos', photo.id)).toBe('NOT_FOUND')
})

it('L2 one\'s own upload, or back to where it was', async () => {
  const file = await upload('ann', '三')
  const theirs = await job('bob')
  expect(await put('bob', theirs, { attachments: [file.id] })).toBe('VALUE_INVALID')
  expect(await put('bob', theirs, { attachments: [NOWHERE] })).toBe('VALUE_INVALID')
  const mine = await job('ann', { attachments: [file.id] })
  expect(await put('chief', mine, { attachments: [] })).toBe('done')
  expect(await put('chief', mine, { photos: [file.id] })).toBe('VALUE_INVALID')
  expect(await put('chief', mine, { attachments: [file.id] })).toBe('done')
  const change = await home.looking('ann', (ctx) => ctx.tx.query<{ fields: Record<string, unknown> }>('select fields from {t}.change where record = $1 order by record_version desc limit 1', [mine]))
  expect(change[0]!.fields['attachments']).toEqual([null, [file.id]])
})

it('L3 what a scanner finds is not kept', async () => {
  const scanner = (said: 'clean' | 'virus' | 'away'): Scanner => async (content) => { content.resume(); if (said === 'away') throw new Error('away'); return said === 'clean' ? { clean: true } : { clean: false, virus: 'Eicar' } }
  expect(await code(upload('ann', '毒', { scanner: scanner('virus') }))).toBe('FILE_INFECTED')
  expect((await upload('ann', '净', { scanner: scanner('clean') })).scan).toBe('clean')
  const late = await upload('ann', '未', { scanner: scanner('away') })
  expect(late.scan).toBe('unscanned')
  const id = await job('ann')
  await sweepFiles({ db: home.db, store, scanner: scanner('virus') }, home.tenant)
  expect(await put('ann', id, { attachments: [late.id] })).toBe('VALUE_INVALID')
})

it('L4 orphans leave after a day, what was used stays', async () => {
  const [orphan, twin, used] = [await upload('ann', '孤'), await upload('ann', '孤'), await upload('ann', '用')]
  const id = await job('ann', { attachments: [used.id] })
  await put('ann', id, { attachments: null })
  const age = (files: readonly string[]) => home.db.mutate(home.tenant, (tx) => tx.query(`update {t}.file set uploaded_at = uploaded_at - interval '2 days' where id = any($1::uuid[])`, [files]))
  const sweep = () => sweepFiles({ db: home.db, store, scanner: null }, home.tenant)
  await age([orphan.id, used.id])
  await sweep()
  expect(await put('ann', id, { attachments: [orphan.id] })).toBe('VALUE_INVALID')
  expect(await store.read(home.tenant.key, orphan.sha256)).not.toBeNull()
  await age([twin.id])
  await sweep()
  expect(await store.read(home.tenant.key, orphan.sha256)).toBeNull()
  expect(await put('ann', id, { attachments: [used.id] })).toBe('done')
  expect((await home.looking('ann', (ctx) => getRecord(ctx, 'job', id))).values['attachments']).toEqual([used.id])
})

it.each([['C:\\资料\\合同.pdf', '合同.pdf'], ['../../etc/passwd', 'passwd'], ['发票\u202Efdp.exe', '发票fdp.exe'], ['  ', 'file'], [`${'长'.repeat(400)}.docx`, `${'长'.repeat(180)}.docx`]])('L5 %s', (given, kept) => {
  expect(cleanName(given)).toBe(kept)
})
