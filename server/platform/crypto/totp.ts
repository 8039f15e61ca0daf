import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Codes of RFC 6238, as every authenticator app makes them: SHA-1, six digits, a new one every 30 seconds. */
export const STEP_SECONDS = 30
const DIGITS = 6
/** A phone's clock may be this many steps off. */
const WINDOW = 1

export type TotpHash = 'sha1' | 'sha256' | 'sha512'

/** The code of one step (RFC 4226, 5.3). */
export function totpAt(secret: Uint8Array, step: number, { digits = DIGITS, hash = 'sha1' }: { digits?: number; hash?: TotpHash } = {}): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac(hash, secret).update(counter).digest()
  const offset = mac.at(-1)! & 0xf
  return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** digits).padStart(digits, '0')
}

export const stepOf = (ms: number): number => Math.floor(ms / 1000 / STEP_SECONDS)

/** The step whose code this is, if it is one around now and later than the last that was taken; null: it is not, or it was used before. */
export function acceptedStep(secret: Uint8Array, code: string, { now, last }: { now: number; last: number | null }): number | null {
  if (!/^\d{6}$/.test(code)) return null
  const current = stepOf(now)
  for (let step = current - WINDOW; step <= current + WINDOW; step++) {
    const right = timingSafeEqual(Buffer.from(totpAt(secret, step)), Buffer.from(code))
    if (right && (last === null || step > last)) return step
  }
  return null
}

/** 160 bits, as RFC 4226 asks for. */
export const totpSecret = (): Buffer => randomBytes(20)

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
export function base32(bytes: Uint8Array): string {
  let [text, value, bits] = ['', 0, 0]
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) { text += LETTERS[(value >>> (bits - 5)) & 31]; bits -= 5 }
    value &= 0xff
  }
  return bits > 0 ? text + LETTERS[(value << (5 - bits)) & 31] : text
}

/** What the QR code says. Issuer and account are names for a person to tell their codes apart by. */
export function totpUri(secret: Uint8Array, { issuer, account }: { issuer: string; account: string }): string {
  const plain = (text: string) => encodeURIComponent(text.replaceAll(':', ' '))
  return `otpauth://totp/${plain(issuer)}:${plain(account)}?secret=${base32(secret)}&issuer=${plain(issuer)}&algorithm=SHA1&digits=${DIGITS}&period=${STEP_SECONDS}`
}

const READABLE = 'abcdefghjkmnpqrstuvwxyz23456789'
/** For the day on which the phone is lost: 49 bits each, without signs that are mistaken for each other. */
export function recoveryCodes(count = 10): string[] {
  const one = () => Array.from(randomBytes(10), (byte) => READABLE[byte % READABLE.length]).join('')
  return Array.from({ length: count }, () => { const code = one(); return `${code.slice(0, 5)}-${code.slice(5)}` })
}
