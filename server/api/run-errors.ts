import { ERRORS, type ErrorCode } from '#contract'
import type { Context } from '#kernel/access'
import { problemOf } from '#platform/http'

/** As a refusal is kept with a run: its code, where, and its particulars. */
const KEPT = /^([A-Z][A-Z_]+)(?: ([^\s{]+))?(?: (\{.*\}))?$/s

/** Why a run failed, as a sentence in the reader's language; what is no refusal stands as it was kept. */
export function errorShown<E extends string | null>({ request }: Context, error: E): E | string {
  const [, code, , particulars] = KEPT.exec(error ?? '') ?? []
  if (code === undefined || !(code in ERRORS)) return error
  const lang = request?.lang ?? 'zh'
  const { message } = problemOf({ code: code as ErrorCode, ...(particulars !== undefined && { params: JSON.parse(particulars) as Record<string, string> }) }, lang, '').body.error
  return lang === 'en' ? `It could not be written: ${message}` : `写不进去：${message}`
}
