import { expect, test } from 'vitest'
import { placeFor, ruleAt, safeReturn } from './paths.ts'

test('after sign-in only a path of our own is returned to', () => {
  expect(safeReturn('/o/lead?view=all')).toBe('/o/lead?view=all')
  for (const foreign of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', 7, undefined]) expect(safeReturn(foreign)).toBe('/')
})

test('what is no record is looked at where it stands; what acts by itself leads to where it is configured', () => {
  expect([placeFor('lead', '1'), placeFor('system:approval', '1'), placeFor('system:run', '1')]).toEqual(['/o/lead/1', '/approvals/1', null])
  expect([ruleAt('r1'), ruleAt('fallback:able:2'), ruleAt('segment:慢'), ruleAt('grading:grade#2'), ruleAt('*')]).toEqual(['/automation/r1', '/assignment?policy=able', `/objects/tags/${encodeURIComponent('慢')}`, null, null])
})
