import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext } from '#kernel/access'
import { drain } from '#kernel/automation'
import { createMember } from '#kernel/members'
import { type Intent, writeOrRefuse } from '#kernel/records'
import { ids } from '#platform/db'
import { FULL_RIGHTS } from '#language/definitions'
import { type FreshTenant, freshTenant } from '../../test/tenant.ts'
import { loadSolution } from '../index.ts'

let home: FreshTenant
const nurses: number[] = []
const write = (intents: Intent[]) => home.db.mutate(home.tenant, async (tx) => writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), intents))
beforeAll(async () => {
  home = await freshTenant({ solution: loadSolution('dental') })
  for (const name of ['周护士长', '吴护士长']) nurses.push((await home.db.mutate(home.tenant, async (tx) => createMember(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), { name, email: `${name}@example.com`, roles: ['nurse'], team: null, supervisor: null }))).id)
})
afterAll(() => home.drop())

test('N5: the head nurse on duty in the appointment’s slot prepares the room and hears of it', async () => {
  const [patient, morning, noon] = [ids.next(), ids.next(), ids.next()]
  const shift = (member: number, from: string, to: string): Intent => ({ op: 'create', object: 'shift', values: { duty: 'head_nurse', member, starts_at: `2030-03-04T${from}:00+08:00`, ends_at: `2030-03-04T${to}:00+08:00` } })
  await write([shift(nurses[0]!, '08:00', '12:00'), shift(nurses[1]!, '12:00', '18:00'), { op: 'create', object: 'patient', id: patient, values: { name: '钱女士' } }])
  const visit = (id: string, title: string, at: string): Intent => ({ op: 'create', object: 'visit', id, values: { title, patient, starts_at: `2030-03-04T${at}:00+08:00`, status: 'booked' } })
  await write([visit(morning, '洁牙', '09:30'), visit(noon, '复诊', '12:00')])
  await drain(home.db, home.tenant)
  const rows = await home.db.read(home.tenant, (tx) => tx.query<{ visit: string; owner: number; title: string }>(`select f_subject as visit, owner, f_title as title from {t}.o_todo order by f_due_at`))
  expect(rows).toEqual([{ visit: morning, owner: nurses[0], title: '准备诊室：洁牙' }, { visit: noon, owner: nurses[1], title: '准备诊室：复诊' }])
  const told = await home.db.read(home.tenant, (tx) => tx.query<{ member: number; record: string }>(`select member, record from {t}.notification where kind = 'prepare_room' order by member`))
  expect(told).toEqual([{ member: nurses[0], record: morning }, { member: nurses[1], record: noon }])
})

test('a clinic can be set up: one role holds every right that the founder needs', () => {
  expect(loadSolution('dental').role.some(({ rights }) => FULL_RIGHTS.every((right) => rights.includes(right)))).toBe(true)
})
