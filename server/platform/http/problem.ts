import { ERRORS, filled, type ErrorCode, type ErrorEntry, type Refusal } from '#contract'
import type { Language } from './language.ts'

export interface Problem { status: number; body: { error: { code: ErrorCode; message: string; path: string | null; remedy: string; requestId: string } } }

/** A refusal as the reader gets it: in one language, with the request's number, never with SQL or a stack. */
export function problemOf({ code, path, params }: Refusal, lang: Language, requestId: string): Problem {
  const entry: ErrorEntry = ERRORS[code]
  const words = { requestId, ...params }
  return { status: entry.status, body: { error: { code, message: filled(entry[lang], words, shortened), path: path ?? null, remedy: filled(entry.remedy[lang], words, shortened), requestId } } }
}

const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text)
