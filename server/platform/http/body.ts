import { JsonRefused, parseJson, Refused, refuse } from '#contract'

const CODES = { invalid: 'JSON_INVALID', deep: 'JSON_TOO_DEEP', nul: 'TEXT_INVALID', key: 'JSON_INVALID' } as const

/** JSON from outside, or a refusal that says what is wrong with it. An empty body is no body. */
export function readJson(text: string): unknown {
  if (text === '') return undefined
  try {
    return parseJson(text)
  } catch (error) {
    throw jsonRefused(error)
  }
}

export const jsonRefused = (error: unknown): unknown => (error instanceof JsonRefused ? new Refused(refuse(CODES[error.problem])) : error)

const decoder = new TextDecoder('utf-8', { fatal: true })

/** The text of a body. Throws `JSON_INVALID` for what is not UTF-8. */
export function utf8(body: Uint8Array): string {
  try {
    return decoder.decode(body)
  } catch {
    throw new Refused(refuse('JSON_INVALID'))
  }
}
