import { expect, test } from 'vitest'
import { copiedTo, gapsIn, instantOn, mondayOf, type Stretch } from './week.ts'

const zone = 'Asia/Shanghai'
const on = (day: string, from: string, to: string, duty = 'head', member = 1): Stretch => ({ id: `${day}${from}`, member, duty, from: instantOn(day, from, zone), to: instantOn(day, to, zone) })
const at = (day: string, time: string) => instantOn(day, time, zone)

test('gaps are what the hours leave open, duty by duty', () => {
  const days = ['2030-03-04', '2030-03-05']
  const found = gapsIn([on('2030-03-04', '07:00', '12:00'), on('2030-03-04', '13:00', '20:00'), on('2030-03-05', '09:00', '18:00', 'desk')], { days, duties: ['head'], hours: { opens: '09:00', closes: '18:00' }, zone })
  expect(found).toEqual([{ day: days[0], duty: 'head', from: at('2030-03-04', '12:00'), to: at('2030-03-04', '13:00') }, { day: days[1], duty: 'head', from: at('2030-03-05', '09:00'), to: at('2030-03-05', '18:00') }])
})

test('a night shift covers the morning after', () => {
  const night: Stretch = { id: 'n', member: 1, duty: 'head', from: at('2030-03-04', '20:00'), to: at('2030-03-05', '10:00') }
  expect(gapsIn([night], { days: ['2030-03-05'], duties: ['head'], hours: { opens: '08:00', closes: '10:00' }, zone })).toEqual([])
})

test('a week is copied on the same clock, and not twice', () => {
  const week = [on('2030-03-04', '08:00', '16:00'), on('2030-03-08', '16:00', '20:00', 'head', 2)]
  const copies = copiedTo(week, { days: 7, there: [on('2030-03-11', '08:00', '16:00')], zone })
  expect(copies).toEqual([{ member: 2, duty: 'head', from: at('2030-03-15', '16:00'), to: at('2030-03-15', '20:00') }])
  expect(mondayOf('2030-03-10')).toBe('2030-03-04')
})
