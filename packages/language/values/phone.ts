import { parsePhoneNumberWithError, ParseError } from 'libphonenumber-js/min'
import { refuse, type Parsed } from './result.ts'
import { halfWidth } from './text.ts'

export type PhoneReason = 'empty' | 'not_a_number' | 'too_short' | 'too_long' | 'invalid'
export type ParsedPhone = Parsed<{ e164: string }, PhoneReason>

const REASONS: Record<string, PhoneReason> = { TOO_SHORT: 'too_short', TOO_LONG: 'too_long', INVALID_LENGTH: 'invalid', INVALID_COUNTRY: 'invalid', NOT_A_NUMBER: 'not_a_number' }
/** 转 801, ext. 801, #801: E.164 has no extension, so it is dropped (the raw payload keeps it). */
const EXTENSION = /(?:转|分机|ext\.?|x|#)\s*\d{1,6}$/i

/**
 * A phone number as people write it in China → E.164, the identity by which people are joined.
 *
 * Accepts spaces, dashes, brackets, full-width signs, `+86`, `0086`, `86` and landlines with area code. Chinese 11-digit mobiles must begin 13–19.
 */
export function parsePhone(text: string): ParsedPhone {
  const plain = halfWidth(text).replace(/[\u2010-\u2015\u2212－—–·.]/g, '-').trim().replace(EXTENSION, '').trim()
  if (plain === '') return refuse('empty')
  if (/[^\d+()\s-]/.test(plain)) return refuse('not_a_number')
  return read(plain)
}

function read(plain: string): ParsedPhone {
  try {
    const phone = parsePhoneNumberWithError(withPlus(plain), 'CN')
    if (isWithoutArea(phone.number)) return refuse('too_short')
    if (!phone.isValid() || isNoChineseMobile(phone.number)) return refuse('invalid')
    return { ok: true, e164: phone.number }
  } catch (error) {
    if (error instanceof ParseError) return refuse(REASONS[error.message] ?? 'invalid')
    throw error
  }
}

/** `86 138 0013 8000` without a plus is a habit of copied address books. */
const withPlus = (plain: string): string => (/^86[\s-]*1[3-9][\d\s-]{9,}$/.test(plain) ? `+${plain}` : plain)

/** A landline without its area code names no one. */
const isWithoutArea = (e164: string): boolean => /^\+86\d{1,8}$/.test(e164)

/** The small metadata accepts every 1xxxxxxxxxx. */
const isNoChineseMobile = (e164: string): boolean => /^\+861\d{10}$/.test(e164) && !/^\+861[3-9]/.test(e164)
