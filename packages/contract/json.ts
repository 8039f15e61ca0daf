/** What a JSON text from outside may not be. `deep` is answered before anything is built from it. */
export type JsonProblem = 'invalid' | 'deep' | 'nul' | 'key'
export class JsonRefused extends Error {
  override name = 'JsonRefused'
  readonly problem: JsonProblem
  constructor(problem: JsonProblem) { super(problem); this.problem = problem }
}

export const JSON_DEPTH = 64
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

/** Parses JSON from outside. Nesting is measured on the text, so that no recursion ever meets a 20,000-deep value. */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) throw new JsonRefused('deep')
  const value = built(text)
  refuseForbidden(value)
  return value
}

function built(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new JsonRefused('invalid')
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (quoted) {
      if (c === 92) i++
      else if (c === 34) quoted = false
    } else if (c === 34) quoted = true
    else if (c === 123 || c === 91) { if (++depth > JSON_DEPTH) return true } else if (c === 125 || c === 93) depth--
  }
  return false
}

/** NUL cannot be stored in PostgreSQL text; `__proto__` and its kin have no business in data. */
function refuseForbidden(value: unknown): void {
  if (typeof value === 'string') { if (value.includes('\0')) throw new JsonRefused('nul') } else if (Array.isArray(value)) value.forEach(refuseForbidden)
  else if (value && typeof value === 'object') Object.entries(value).forEach(([key, each]) => {
    if (FORBIDDEN_KEYS.has(key)) throw new JsonRefused('key')
    if (key.includes('\0')) throw new JsonRefused('nul')
    refuseForbidden(each)
  })
}
