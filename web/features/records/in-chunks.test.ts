import { expect, test } from 'vitest'
import { inChunks } from './in-chunks.ts'

test('many rows go in parts; what was refused and how to undo is gathered, and it stops when told', async () => {
  const ids = Array.from({ length: 1200 }, (_, i) => `r${i}`)
  const sizes: number[] = []
  const work = async (some: string[]) => { sizes.push(some.length); return { changed: some.length - 1, refused: [{ id: some[0]!, title: '', message: 'no' }], undo: `u${sizes.length}` } }
  expect(await inChunks(ids, work)).toMatchObject({ changed: 1197, undos: ['u1', 'u2', 'u3'], cancelled: false, refused: [{ id: 'r0' }, { id: 'r500' }, { id: 'r1000' }] })
  expect(sizes).toEqual([500, 500, 200])
  expect(await inChunks(ids, work, (done) => done < 500)).toMatchObject({ changed: 499, cancelled: true })
})
