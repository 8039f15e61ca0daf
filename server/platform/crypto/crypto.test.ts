import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { hashPassword, hmac, isSealed, openSigner, openVault, PasswordsBusy, sameSecret, secretToken, sha256, signed, trustedKeys, verifyPassword } from './index.ts'

it('K1 argon2id with the house’s figures, salted', async () => {
  const [a, b] = await Promise.all([hashPassword('同一个密码 same'), hashPassword('同一个密码 same')])
  expect(a).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(a).not.toBe(b)
  expect([await verifyPassword(a, '同一个密码 same'), await verifyPassword(a, '另一个密码')]).toEqual([true, false])
})

it('K2 no password costs as much as a wrong one', async () => {
  const stored = await hashPassword('a phrase of the test')
  const timed = async (hash: string | null) => { const began = performance.now(); expect(await verifyPassword(hash, 'guess')).toBe(false); return performance.now() - began }
  await timed(null)
  let [none, wrong] = [Infinity, Infinity]
  for (let round = 0; round < 6; round++) [none, wrong] = [Math.min(none, await timed(null)), Math.min(wrong, await timed(stored))]
  expect(none / wrong).toBeGreaterThan(0.4)
  expect(none / wrong).toBeLessThan(2.5)
  expect(await verifyPassword(null, 'no account has this password')).toBe(false)
})

it('K3 a crowd is refused, not stored up', async () => {
  const crowd = await Promise.allSettled(Array.from({ length: 70 }, () => hashPassword('crowd')))
  const refused = crowd.filter((each) => each.status === 'rejected')
  expect(refused.length).toBe(4)
  expect(refused.every((each) => each.status === 'rejected' && each.reason instanceof PasswordsBusy)).toBe(true)
})

it('K4 secrets are long, distinct and compared whole', () => {
  const tokens = new Set(Array.from({ length: 100 }, secretToken))
  expect(tokens.size).toBe(100)
  expect([...tokens].every((token) => /^[\w-]{43}$/.test(token))).toBe(true)
  expect([sameSecret('a', 'a'), sameSecret('a', 'b'), sameSecret('', 'a')]).toEqual([true, false, false])
  expect(sha256('x').length).toBe(32)
  expect(hmac('k', 'a')).not.toBe(hmac('l', 'a'))
})

it('K5 one key for a folder, and proofs of its signatures', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nextmove-signer-'))
  const [a, b] = [openSigner(folder), openSigner(folder)]
  expect(a.key).toBe(b.key)
  expect(readdirSync(folder).sort()).toEqual([`seal-${a.key}.pub`, 'seal.key'])
  expect(statSync(path.join(folder, 'seal.key')).mode & 0o777).toBe(0o600)
  const keys = trustedKeys([folder, path.join(folder, `seal-${a.key}.pub`), path.join(folder, 'nowhere')])
  expect([...keys.keys()]).toEqual([a.key])
  expect([signed(keys.get(a.key)!, 'x', b.sign('x')), signed(keys.get(a.key)!, 'y', b.sign('x'))]).toEqual([true, false])
  rmSync(folder, { recursive: true })
})

it('K6 one key for the secrets of a folder, and each for its own purpose', () => {
  const [folder, other] = [mkdtempSync(path.join(tmpdir(), 'nextmove-vault-')), mkdtempSync(path.join(tmpdir(), 'nextmove-vault-'))]
  const secret = Buffer.from('一个秘密')
  const stored = openVault(folder).seal(secret, 'a 1')
  expect([isSealed(stored), isSealed(secret), stored.includes(secret), openVault(folder).seal(secret, 'a 1').equals(stored)]).toEqual([true, false, false, false])
  expect([openVault(folder).open(stored, 'a 1'), openVault(folder).open(stored, 'a 2'), openVault(other).open(stored, 'a 1'), openVault(folder).open(secret, 'a 1')]).toEqual([secret, null, null, secret])
  for (let at = 0; at < stored.length; at++) {
    const altered = Buffer.from(stored)
    altered[at]! ^= 1
    expect(openVault(folder).open(altered, 'a 1')?.equals(secret) ?? false).toBe(false)
  }
  cpSync(path.join(folder, 'secrets.key'), path.join(other, 'secrets-moved.key'))
  expect(openVault(other).open(stored, 'a 1')).toEqual(secret)
  expect([readdirSync(folder), statSync(path.join(folder, 'secrets.key')).mode & 0o777]).toEqual([['secrets.key'], 0o600])
  writeFileSync(path.join(folder, 'secrets.key'), 'cut')
  expect(() => openVault(folder)).toThrow('密钥')
  for (const each of [folder, other]) rmSync(each, { recursive: true })
})
