import type { Options } from '@node-rs/argon2'

// OWASP's argon2id figures: 19 MiB, two passes, one lane.
const ARGON2ID: Options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const AT_ONCE = 2
const WAITING = 64
export const PASSWORD_MAX = 128

/** Too many passwords are being checked already. */
export class PasswordsBusy extends Error { override name = 'PasswordsBusy' }

/** argon2id in PHC notation. At most two at once (38 MiB); throws PasswordsBusy when 64 wait. */
export const hashPassword = (password: string): Promise<string> => inTurn(async () => (await argon2()).hash(password.normalize('NFKC'), ARGON2ID))

/**
 * Is this the password? Costs the same when `stored` is null (no such account, none set): a decoy is checked instead.
 * Passwords above 128 characters are never right.
 */
export const verifyPassword = (stored: string | null, password: string): Promise<boolean> =>
  inTurn(async () => {
    const { verify } = await argon2()
    const matches = await verify(stored ?? (await decoy()), password.slice(0, PASSWORD_MAX).normalize('NFKC'))
    return matches && stored !== null && password.length <= PASSWORD_MAX
  })

let decoyHash: Promise<string> | undefined
const decoy = (): Promise<string> => (decoyHash ??= argon2().then(({ hash }) => hash('no account has this password', ARGON2ID)))

/** Native code: loaded when the first password is checked. */
const argon2 = () => import('@node-rs/argon2')

let running = 0
const queue: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (queue.length >= WAITING) throw new PasswordsBusy()
  if (running >= AT_ONCE) await new Promise<void>((go) => queue.push(go))
  else running++
  try {
    return await work()
  } finally {
    const next = queue.shift()
    if (next) next()
    else running--
  }
}
