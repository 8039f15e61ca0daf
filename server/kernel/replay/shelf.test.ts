import { expect, test } from 'vitest'
import type { RecordImage } from '#kernel/records'
import { Packing, SharedPacking } from './packing.ts'
import { Shelf } from './shelf.ts'

const at = '2026-11-22T01:02:03.004Z'
const image = (n: number, more: Partial<RecordImage> = {}): RecordImage => {
  const id = `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
  return { object: n % 3 === 0 ? 'crate' : 'parcel', id, recordVersion: 1 + n, owner: n, ownerTeam: null, tags: [], createdAt: new Date(at), gone: false, values: { id, created_at: at, name: `第 ${n} 件 \u0000“é”`, owner: n, worth: '10.50', about: { object: 'crate', id }, tags: [1, 2], none: null, yes: true }, ...more }
}
const EDGES: RecordImage[] = [
  image(1), image(2, { owner: null, ownerTeam: 7, tags: ['hot'], gone: true, values: { id: 'another', owner: null, at, day: '2026-11-22', odd: '2026-13-22T01:02:03.004Z', plain: 'a', text: '2026-11-22T01:02:03Z', nested: [{ deep: [null] }], zero: 0 } }),
  image(3, { owner: null, values: { id: image(3).id } }), image(4, { owner: null, values: { id: image(4).id, latin: 'é', 'key é': '值' } }),
]

test.each(EDGES)('Y12 a record comes back from its text to the letter: $object $recordVersion', (each) => {
  for (const packing of [new Packing(), new SharedPacking()]) {
    packing.pack(image(9, { object: 'another' }))
    const text = packing.pack(each)
    expect(/^[\u0000-\u00ff]*$/.test(text)).toBe(true)
    expect(packing.unpack(each.id, text)).toEqual(each)
    expect(Object.keys(packing.unpack(each.id, text).values)).toEqual(expect.arrayContaining(Object.keys(each.values)))
  }
})

test('Y12 a shelf of many records is as one of few: what was packed is found, counted, changed, gone through once and copied', () => {
  const [shelf, count] = [new Shelf(new SharedPacking(), 200), 600]
  for (let n = 0; n < count; n++) { const each = image(n); shelf.set(each.id, each); shelf.tidy() }
  expect(shelf.size).toBe(count)
  expect(shelf.get(image(5).id)).toEqual(image(5))
  const other = shelf.copy()
  // What is packed is one record for both, and as often as it is asked for.
  expect(shelf.get(image(7).id)).toBe(other.get(image(7).id))
  const changed = image(8, { recordVersion: 99 })
  shelf.set(changed.id, changed)
  for (let n = count; n < 2 * count; n++) { const each = image(n); shelf.set(each.id, each); shelf.tidy() }
  expect([shelf.get(changed.id), other.get(changed.id), shelf.size, other.size]).toEqual([changed, image(8), 2 * count, count])
  expect([shelf.isSame(shelf.get(image(6).id)!, other.get(image(6).id)!), shelf.isSame(changed, image(8))]).toEqual([true, false])
  const seen = new Set<string>()
  for (const { id, object } of shelf.rows('crate')) {
    expect([object, seen.has(id)]).toEqual(['crate', false])
    seen.add(id)
    // Others may be looked at meanwhile.
    shelf.get(image(seen.size * 2).id)
    shelf.tidy()
  }
  expect(seen.size).toBe((2 * count) / 3)
  expect([...shelf.rows()].length).toBe(2 * count)
})
