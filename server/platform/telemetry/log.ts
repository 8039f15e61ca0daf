import { type DestinationStream, type Logger, pino } from 'pino'

export type Log = Logger
const SECRETS = ['password', 'next', 'current', 'token', 'key', 'cookie', 'authorization', 'set-cookie', 'x-csrf-token', 'idempotency-key', 'password_hash', 'connectionString']
/** Anything that looks like one of our secrets, wherever it stands in a text. */
const SECRET_TEXT = /(nm_[a-z0-9-]+_[\w-]{8})[\w-]+|(\$argon2id\$)[^\s"]+|((?:postgres(?:ql)?|smtps?):\/\/[^:\s/]+:)[^@\s]+(?=@)/g

/** One JSON object per line on stdout. Secrets are cut out by name and by shape before a line is written. */
export function createLog(level = process.env['LOG_LEVEL'] ?? 'info', destination?: DestinationStream): Log {
  return pino({
    level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRETS.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`]), censor: '[redacted]' },
    serializers: { err: pino.stdSerializers.err },
    hooks: { streamWrite: withoutSecrets },
  }, destination ?? pino.destination({ dest: 1, sync: true }))
}

export const withoutSecrets = (text: string): string => text.replace(SECRET_TEXT, (_, key?: string, hash?: string, url?: string) => `${key ?? hash ?? url}[redacted]`)
