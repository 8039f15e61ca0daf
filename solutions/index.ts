import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEFINITION_KINDS, Solution, type DefinitionKind } from '#language/definitions'
import { Company } from './company.ts'

export { Company, type CompanyMember } from './company.ts'

/** Every solution that ships with the product. `base`: what it builds on; its own definitions replace those of the same key. */
const SHIPPED = {
  crm: { folder: 'crm', base: null, company: false },
  yunqi: { folder: 'cases/yunqi', base: 'crm', company: true },
  dental: { folder: 'dental', base: null, company: false },
} as const satisfies Record<string, { folder: string; base: string | null; company: boolean }>
export type SolutionKey = keyof typeof SHIPPED
export const SOLUTION_KEYS = Object.keys(SHIPPED) as readonly SolutionKey[]
export const isSolution = (key: string): key is SolutionKey => Object.hasOwn(SHIPPED, key)

const KINDS = Object.keys(DEFINITION_KINDS) as readonly DefinitionKind[]
type Bundle = Record<string, unknown>

/** A shipped solution, parsed and complete (overlays merged with what they build on). Throws when a file breaks the format. */
export const loadSolution = (key: SolutionKey): Solution => Solution.parse(bundleOf(key))

/** The sample company of a case. */
export function loadCompany(key: SolutionKey): Company | undefined {
  return SHIPPED[key].company ? Company.parse(readJson(key, 'company.json')) : undefined
}

/** Where a file named by a definition lies (`materials/…` of a form): in the solution's own folder, else in its base's. */
export function solutionFile(key: SolutionKey, file: string): string | undefined {
  const path = placeOf(key, file)
  const base = SHIPPED[key].base
  return existsSync(path) ? path : base === null ? undefined : solutionFile(base, file)
}

function bundleOf(key: SolutionKey): Bundle {
  const own = ownBundle(key)
  const base = SHIPPED[key].base
  return base === null ? own : merged(bundleOf(base), own)
}

/** One file per kind, `assignment-policy.json` for assignmentPolicy; `solution.json` says what the whole is. */
function ownBundle(key: SolutionKey): Bundle {
  const parts = KINDS.map((kind) => [kind, readJson(key, `${kebab(kind)}.json`) ?? []] as const)
  return { ...(readJson(key, 'solution.json') as Bundle), ...Object.fromEntries(parts) }
}

const merged = (base: Bundle, own: Bundle): Bundle => ({
  ...base, ...own,
  activeRules: [...new Set([...(base.activeRules as string[]), ...(own.activeRules as string[])])],
  ...Object.fromEntries(KINDS.map((kind) => [kind, overlaid(base[kind] as Keyed[], own[kind] as Keyed[])])),
})

interface Keyed { key: string }
const overlaid = (base: readonly Keyed[], own: readonly Keyed[]): Keyed[] => [...new Map([...base, ...own].map((each) => [each.key, each])).values()]

const placeOf = (key: SolutionKey, file: string): string => join(import.meta.dirname, SHIPPED[key].folder, file)
const kebab = (kind: string): string => kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

function readJson(key: SolutionKey, file: string): unknown {
  const path = placeOf(key, file)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}
