import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'

test('every path that ARCHITECTURE.md names is there', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(import.meta.dirname, 'where-does-it-live.ts')], { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(stdout).toMatch(/\d\d+ paths, 0 missing/)
  expect(status).toBe(0)
})
