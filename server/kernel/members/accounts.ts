import { refused } from '#contract'
import { parsePhone } from '#language/values'

/** How an account is written down and found again: e-mail in lower case, phone in E.164. */
export const emailOf = (text: string): string => text.trim().normalize('NFKC').toLowerCase()

export function phoneOf(text: string, path: string): string {
  const phone = parsePhone(text)
  return phone.ok ? phone.e164 : refused('PHONE_INVALID', path, { value: text })
}

/** What somebody typed into 「账号」: an e-mail when it holds an @, else a phone; an unreadable one finds nobody. */
export function accountOf(text: string): string {
  if (text.includes('@')) return emailOf(text)
  const phone = parsePhone(text)
  return phone.ok ? phone.e164 : text.trim().toLowerCase()
}

const COMMON = new Set(['1234567890', '0123456789', 'password123', 'qwertyuiop', 'administrator', '1q2w3e4r5t', 'iloveyou123', 'abcd123456', 'a123456789', '123456789a', 'qq123456789', '1234512345'])

/** Refuses what is guessed first. `about`: words that belong to the account. */
export function checkPassword(password: string, about: readonly (string | null)[], path = 'password'): void {
  const plain = password.normalize('NFKC').toLowerCase()
  const because = (reason: string) => refused('PASSWORD_WEAK', path, { reason })
  if ([...plain].length < 10) because('少于 10 个字符 · shorter than 10 characters')
  if (COMMON.has(plain) || new Set(plain).size < 4) because('太常见 · too common')
  const words = about.flatMap((each) => (each ? [each, each.split('@')[0]!] : [])).map((each) => each.toLowerCase())
  if (words.some((word) => word.length >= 4 && plain.includes(word))) because('包含账号或姓名 · contains the account or the name')
}
