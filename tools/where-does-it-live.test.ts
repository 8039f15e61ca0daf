import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'GLOSSARY.md', ...fs.globSync('docs/**/*.md', { cwd: root })]

test('every path that ARCHITECTURE.md’s table names is there', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(import.meta.dirname, 'where-does-it-live.ts')], { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(stdout).toMatch(/\d\d+ paths, 0 missing/)
  expect(status).toBe(0)
})

test.for(pages)('what %s names and links to is there', (page) => {
  const text = fs.readFileSync(path.join(root, page), 'utf8')
  const named = [...text.matchAll(/`((?:bin|packages|server|web|solutions|laws|journeys|bench|test|tools|docs)\/[\w./-]+)`/g)].map((match) => path.join(root, match[1]!))
  const linked = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => path.resolve(root, path.dirname(page), match[1]!))
  expect([...named, ...linked].filter((file) => !fs.existsSync(file))).toEqual([])
})
