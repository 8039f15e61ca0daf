import { expect, test } from 'vitest'
import { grouped, type Notice } from './query.ts'

const notice = (id: number, group: string | null, readAt: string | null = null) => ({ id, group, readAt, at: '2026-11-22T00:00:00Z', kind: 'k', title: `t${id}`, body: null, object: null, record: null, rule: null }) as Notice

test('notices about the same thing stand together under the newest', () => {
  const groups = grouped([notice(5, 'a'), notice(4, null), notice(3, 'a'), notice(2, 'a', '2026-11-21T00:00:00Z')])
  expect(groups.map(({ latest, others, unread }) => [latest.id, others, unread])).toEqual([[5, 2, [5, 3]], [4, 0, [4]]])
})
