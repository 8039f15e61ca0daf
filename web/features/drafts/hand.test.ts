import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fieldsHand, type FieldsChange, handOf } from './hand.ts'

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

const PAUSE = 1_200
const pause = () => vi.advanceTimersByTimeAsync(PAUSE)

/** A server that answers when it is told to; `kept`: what stands there. */
function desk() {
  const [asked, answers, kept] = [[] as FieldsChange[], [] as ((fails?: boolean) => Promise<void>)[], {} as Record<string, unknown>]
  const send = (change: FieldsChange) => new Promise<void>((resolve, reject) => {
    asked.push(change)
    answers.push(async (fails = false) => {
      if (fails) reject(new Error('away'))
      else { for (const key of change.gone) delete kept[key]; Object.assign(kept, change.vals); resolve() }
      await vi.advanceTimersByTimeAsync(0)
    })
  })
  return { asked, kept, hand: fieldsHand(send), answer: (fails?: boolean) => answers.shift()!(fails) }
}

test('two fields typed on within a second are both kept, in one go', async () => {
  const { asked, hand } = desk()
  hand.put('name', '甲', 'v1')
  await vi.advanceTimersByTimeAsync(600)
  hand.put('phone', '138', 'v1')
  await pause()
  expect(asked).toEqual([{ vals: { name: '甲', phone: '138' }, gone: [], version: 'v1' }])
})

test('one field is saved while the other has just been typed on: the other is kept all the same', async () => {
  const { asked, kept, hand, answer } = desk()
  hand.put('name', '甲', 'v1')
  hand.put('phone', '138', 'v1')
  await hand.sending('name')
  await pause()
  expect(asked).toEqual([{ vals: { phone: '138' }, gone: [], version: 'v1' }])
  await answer()
  hand.saved('name')
  await pause()
  expect([asked.length, hand.now(), kept]).toEqual([1, { vals: { phone: '138' }, version: 'v1' }, { phone: '138' }])
})

test('what is on its way arrives before the field is saved, and what was typed meanwhile goes after it: nothing old comes last', async () => {
  const { asked, kept, hand, answer } = desk()
  hand.put('name', '甲', 'v1')
  await pause()
  hand.put('phone', '138', 'v1')
  let free = false
  const before = hand.sending('name').then(() => { free = true })
  await pause()
  expect([asked.length, free]).toEqual([1, false])
  await answer()
  await before
  expect([asked.length, asked[1]]).toEqual([2, { vals: { phone: '138' }, gone: [], version: 'v1' }])
  await answer()
  hand.saved('name')
  delete kept['name']
  await pause()
  expect([asked.length, kept]).toEqual([2, { phone: '138' }])
})

test('what another device keeps is not overwritten, nor is what is typed before it is known', async () => {
  const { asked, hand, answer } = desk()
  hand.put('name', '甲', 'v2')
  hand.knows({ vals: { name: '旧', address: '上海' }, version: 'v1' })
  expect(hand.now()).toEqual({ vals: { name: '甲', address: '上海' }, version: 'v1' })
  await pause()
  expect(asked).toEqual([{ vals: { name: '甲' }, gone: [], version: 'v1' }])
  await answer()
  hand.drop('address')
  expect(asked[1]).toEqual({ vals: {}, gone: ['address'], version: 'v1' })
})

test('a field that is entered and left before it is known what is kept gives nothing up', async () => {
  const { asked, hand, answer } = desk()
  hand.drop('phone')
  hand.knows({ vals: { phone: '139' }, version: 'v1' })
  hand.flush()
  await pause()
  expect([asked, hand.now()]).toEqual([[], { vals: { phone: '139' }, version: 'v1' }])
  hand.put('phone', '138', 'v1')
  hand.drop('phone')
  expect(asked).toEqual([{ vals: {}, gone: ['phone'], version: 'v1' }])
  await answer()
})

test('what did not arrive goes again with the next key; a field that was not saved is kept again', async () => {
  const { asked, hand, answer } = desk()
  hand.put('name', '甲', 'v1')
  await pause()
  await answer(true)
  hand.put('phone', '138', 'v1')
  await pause()
  expect(asked[1]).toEqual({ vals: { name: '甲', phone: '138' }, gone: [], version: 'v1' })
  await answer()
  await hand.sending('name')
  hand.failed('name')
  hand.put('name', '甲乙', 'v1')
  await pause()
  expect(asked[2]).toEqual({ vals: { name: '甲乙' }, gone: [], version: 'v1' })
})

test('a text is sent one at a time, the newest last; what was sent for good is not kept again after it', async () => {
  const [asked, answers]: [string[], (() => void)[]] = [[], []]
  const hand = handOf<string>((now) => new Promise<void>((resolve) => { asked.push(now); answers.push(resolve) }), (a, b) => (a ?? '') === (b ?? ''))
  hand.write('一')
  await pause()
  hand.write('一二')
  await pause()
  expect(asked).toEqual(['一'])
  answers.shift()!()
  await vi.advanceTimersByTimeAsync(0)
  expect(asked).toEqual(['一', '一二'])
  let free = false
  void hand.sending().then(() => { free = true })
  await vi.advanceTimersByTimeAsync(0)
  expect(free).toBe(false)
  answers.shift()!()
  await vi.advanceTimersByTimeAsync(PAUSE)
  expect([free, asked]).toEqual([true, ['一', '一二']])
  hand.write('三')
  hand.leave()
  expect(asked[2]).toBe('三')
})
