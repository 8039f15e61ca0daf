import type { Transporter } from 'nodemailer'

export { emailChannel } from './channel.ts'

export interface Mail { to: string; subject: string; text: string; messageId?: string }
export interface Mailer {
  /** Resolves when the mail server has taken the message; rejects with its answer. Takes at most 45 seconds: less than a message is leased for. */
  send(mail: Mail): Promise<void>
  /** Null when the mail server lets us in, else why not. */
  check(): Promise<string | null>
}

/**
 * Mail over SMTP (RFC 5321): `smtp://user:password@host:587?from=…` upgrades by STARTTLS, `smtps://…:465` begins with TLS.
 * `from` is the sender's address, by default the user's. The library is loaded with the first message.
 */
export function smtpMailer(url: string, { mostMs = MOST_MS }: { mostMs?: number } = {}): Mailer {
  const from = new URL(url).searchParams.get('from') ?? decodeURIComponent(new URL(url).username)
  let made: Promise<Transporter> | undefined
  const transport = () => (made ??= open(url))
  return {
    send: async (mail) => within(mostMs, (await transport()).sendMail({ from, ...mail })),
    check: async () => (await transport()).verify().then(() => null, (error: Error) => error.message),
  }
}

/** Of one silence, and of all together. */
const PATIENCE_MS = 20_000
const MOST_MS = 45_000

async function within(ms: number, sending: Promise<unknown>): Promise<void> {
  const over = Promise.withResolvers<never>()
  const timer = setTimeout(() => over.reject(Object.assign(new Error(`the mail server took more than ${ms} ms`), { code: 'ETIMEDOUT' })), ms)
  await Promise.race([sending, over.promise]).finally(() => clearTimeout(timer))
}

async function open(url: string): Promise<Transporter> {
  const { createTransport } = await import('nodemailer')
  const { protocol, hostname, port, username, password } = new URL(url)
  const secure = protocol === 'smtps:'
  return createTransport({
    host: hostname, port: Number(port || (secure ? 465 : 587)), secure, connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: PATIENCE_MS,
    ...(username && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  })
}
