import { expect, test } from 'vitest'
import { acceptedStep, base32, recoveryCodes, stepOf, totpAt, totpUri, type TotpHash } from './index.ts'

const DIGITS = '1234567890'
const seed = (hash: TotpHash) => Buffer.from(DIGITS.repeat(7).slice(0, { sha1: 20, sha256: 32, sha512: 64 }[hash]))

// RFC 6238, appendix B.
test.each([
  [59, '94287082', '46119246', '90693936'], [1_111_111_109, '07081804', '68084774', '25091201'], [1_111_111_111, '14050471', '67062674', '99943326'],
  [1_234_567_890, '89005924', '91819424', '93441116'], [2_000_000_000, '69279037', '90698825', '38618901'], [20_000_000_000, '65353130', '77737706', '47863826'],
])('K30 the codes of RFC 6238 at %i', (seconds, sha1, sha256, sha512) => {
  const at = (hash: TotpHash) => totpAt(seed(hash), stepOf(seconds * 1000), { digits: 8, hash })
  expect([at('sha1'), at('sha256'), at('sha512')]).toEqual([sha1, sha256, sha512])
})

// RFC 4226, appendix D.
test.each(['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'].map((code, count) => [count, code] as const))('K30 the codes of RFC 4226, count %i', (count, code) => {
  expect(totpAt(seed('sha1'), count)).toBe(code)
})

test('K30 good around its half minute, and once', () => {
  const [secret, now] = [seed('sha1'), 1_700_000_010_000]
  const code = (shift: number) => totpAt(secret, stepOf(now) + shift)
  const taken = (shift: number, last: number | null = null) => acceptedStep(secret, code(shift), { now, last })
  expect([-2, -1, 0, 1, 2].map((shift) => taken(shift))).toEqual([null, stepOf(now) - 1, stepOf(now), stepOf(now) + 1, null])
  expect(taken(0, stepOf(now))).toBeNull()
  expect(taken(-1, stepOf(now))).toBeNull()
  expect(taken(1, stepOf(now))).toBe(stepOf(now) + 1)
  for (const odd of ['', '12345', '1234567', 'abcdef', '１２３４５６']) expect(acceptedStep(secret, odd, { now, last: null })).toBeNull()
})

// RFC 4648, section 10.
test.each([['', ''], ['f', 'MY'], ['fo', 'MZXQ'], ['foo', 'MZXW6'], ['foob', 'MZXW6YQ'], ['fooba', 'MZXW6YTB'], ['foobar', 'MZXW6YTBOI']])('K30 base32 of “%s”', (text, coded) => {
  expect(base32(Buffer.from(text))).toBe(coded)
})

test('K30 what apps read, and recovery codes', () => {
  expect(totpUri(seed('sha1'), { issuer: '云启:智能', account: 'a@b.cn' })).toBe('otpauth://totp/%E4%BA%91%E5%90%AF%20%E6%99%BA%E8%83%BD:a%40b.cn?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E4%BA%91%E5%90%AF%20%E6%99%BA%E8%83%BD&algorithm=SHA1&digits=6&period=30')
  const codes = recoveryCodes()
  expect(new Set(codes).size).toBe(10)
  for (const code of codes) expect(code).toMatch(/^[a-hj-km-np-z2-9]{5}-[a-hj-km-np-z2-9]{5}$/)
})
