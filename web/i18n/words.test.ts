import { expect, test } from 'vitest'
import { en } from './en/index.ts'
import { zh } from './zh/index.ts'

type Dictionary = Record<string, Record<string, string>>
const keysOf = (words: Dictionary): string[] => Object.entries(words).flatMap(([area, each]) => Object.keys(each).map((key) => `${area}.${key}`)).sort()
const slots = (sentence: string): string[] => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort()

test('both languages say the same things', () => {
  expect(keysOf(en)).toEqual(keysOf(zh))
})

test('both languages fill the same slots', () => {
  const different = keysOf(zh).filter((path) => {
    const [area = '', key = ''] = path.split('.')
    return JSON.stringify(slots((zh as Dictionary)[area]![key]!)) !== JSON.stringify(slots((en as Dictionary)[area]![key]!))
  })
  expect(different).toEqual([])
})

/** Names that have no Chinese form, keys on the keyboard, examples of what is typed. */
const ALLOWED = /\{\w+\}|⌘\/Ctrl|Esc|Alt|Shift|IP|API|ERP|XS000123|MB|KB|Excel|CSV|PDF|PNG|JPEG|0 9 \* \* 1|CRM|OpenID Connect|Issuer|Client ID|Client Secret|Redirect URI|Authing|Keycloak|Okta|JSON|X-Event-Id|curl/g

test('Chinese screens speak Chinese', () => {
  const latin = Object.entries(zh as Dictionary).flatMap(([area, words]) => Object.entries(words).filter(([, sentence]) => /[A-Za-z]{2,}/.test(sentence.replace(ALLOWED, ''))).map(([key, sentence]) => `${area}.${key}: ${sentence}`))
  expect(latin).toEqual([])
})

test('no sentence is used that is not there, and none is there for nobody', async () => {
  const { readdirSync, readFileSync } = await import('node:fs')
  const root = new URL('..', import.meta.url).pathname
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file) && !/^(dist|i18n|node_modules)/.test(file)).map((file) => readFileSync(`${root}/${file}`, 'utf8')).join('\n')
  const built = [...sources.matchAll(/`(\w+)\.([\w]*)\$\{/g)].map(([, area, start]) => `${area}.${start}`)
  const unused = keysOf(zh).filter((path) => !sources.includes(`'${path}'`) && !sources.includes(`"${path}"`) && !built.some((start) => path.startsWith(start)))
  expect(unused).toEqual([])
})
