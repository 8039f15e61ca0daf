import type { Context } from '#kernel/access'
import { NoticeSettings, STANDARD_NOTICES } from '#language/definitions'
import { nextDaily, NOTICE_KINDS, type Workplace } from '#language/values'
import { differences, logEdit } from './log.ts'

interface Row { settings: NoticeSettings }

/** How a member wants to be told. Kinds that came later stand as for everybody. */
export async function noticeSettingsOf({ tx }: Pick<Context, 'tx'>, member: number): Promise<NoticeSettings> {
  const [row] = await tx.query<Row>('select settings from {t}.notice_setting where member = $1', [member], { name: 'notice settings' })
  return complete(row?.settings)
}

/** Always in the same order, so that two of them can be compared. */
function complete(settings: NoticeSettings | undefined): NoticeSettings {
  const { kinds, quiet, digest, zone } = { ...STANDARD_NOTICES, ...settings }
  return NoticeSettings.parse({ kinds: Object.fromEntries(NOTICE_KINDS.map(({ key }) => [key, kinds[key] ?? STANDARD_NOTICES.kinds[key]])), quiet, digest, zone })
}

/** A member's own settings, logged; mail that waits is looked at again by them at once. */
export async function setNoticeSettings(ctx: Context, member: number, settings: NoticeSettings): Promise<void> {
  const { tx } = ctx
  await tx.query('select 1 from {t}.member where id = $1 for update', [member])
  const before = await noticeSettingsOf(ctx, member)
  const changed = differences({ notices: before }, { notices: complete(settings) })
  if (Object.keys(changed).length === 0) return
  await tx.query(`insert into {t}.notice_setting (member, settings, digest_at) values ($1, $2, $3)
    on conflict (member) do update set settings = excluded.settings, digest_at = excluded.digest_at`, [member, JSON.stringify(settings), nextDigest(ctx, settings)])
  await tx.query('update {t}.notification set mail_at = $2 where member = $1 and mail_at > $2', [member, ctx.now])
  await logEdit(ctx, 'member', member, 'changed', changed)
}

const nextDigest = (ctx: Context, { digest, quiet, zone }: NoticeSettings): Date | null =>
  digest.on ? new Date(nextDaily(ctx.now.getTime(), digest.at, { quiet, place: placeOf(ctx, zone) })) : null

/** Where a member's day begins: their own zone, the company's calendar. */
const placeOf = ({ tenant, metadata }: Context, zone: string | null): Workplace => ({ zone: zone ?? tenant.zone, calendar: metadata.calendar })
