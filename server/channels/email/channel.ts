import type { Channel, Outgoing, Result } from '#kernel/delivery'
import type { Mail, Mailer } from './index.ts'

/**
 * Mail as a way out of the outbox; its body is `{to, subject, text}`. `mailer` null: no provider is set up, and every message says so.
 *
 * SMTP has no idempotency: the Message-ID carries the key, and an attempt of which nobody knows whether the message was handed over is `unknown`, for a person to look at.
 */
export const emailChannel = (mailer: Mailer | null): Channel => ({
  idempotent: false,
  send: async (outgoing) => {
    if (!mailer) return { is: 'missing', reason: 'SMTP_URL' }
    const { to, subject, text } = outgoing.body as unknown as Mail
    try {
      await mailer.send({ to, subject, text, messageId: messageId(outgoing) })
      return { is: 'delivered' }
    } catch (error) {
      return resultOf(error as SmtpError)
    }
  },
})

const messageId = ({ tenant, key }: Outgoing): string => `<${Buffer.from(`${tenant.key}.${tenant.incarnation}.${key}`).toString('base64url')}@nextmove>`

interface SmtpError extends Error { code?: string; responseCode?: number; command?: string; syscall?: string }

/** 5xx is final, 4xx passes (RFC 5321, 4.2.1); a server that was never reached has taken nothing. */
function resultOf({ code, responseCode = 0, syscall, message }: SmtpError): Result {
  const reason = [code, message].filter(Boolean).join(': ')
  if (responseCode >= 500) return { is: 'refused', reason }
  if (responseCode >= 400 || syscall === 'connect' || syscall === 'getaddrinfo') return { is: 'later', reason }
  return { is: code === 'EENVELOPE' || code === 'EMESSAGE' ? 'refused' : 'unknown', reason }
}
