import { kernelContext, memberRows } from '#kernel/access'
import { tell } from '#kernel/delivery'
import { type Turned, turnAbsences } from '#kernel/members'
import { formatClock } from '#language/values'
import type { OpenDatabase, Tenant } from '#platform/db'
import type { Log } from '#platform/telemetry'

const EVERY_MS = 5_000

export interface Attendance { /** The clock was moved: look everywhere now. */ wakeAll(): void; stop(): Promise<void> }

/** Absences are noted as begun and over within seconds of their instant; what they mean holds from the instant itself. */
export function startAttendance(db: OpenDatabase, log: Log): Attendance {
  let [working, over]: [Promise<unknown>, boolean] = [Promise.resolve(), false]
  const sweep = async () => { for (const tenant of await db.tenants()) if (!over) await turnIn(db, tenant) }
  const wakeAll = () => { working = working.then(() => (over ? undefined : sweep())).catch((err: unknown) => log.warn({ err }, 'absences')) }
  const timer = setInterval(wakeAll, EVERY_MS).unref()
  return { wakeAll, stop: async () => { over = true; clearInterval(timer); await working } }
}

/** One round; stand-ins are told. */
export async function turnIn(db: OpenDatabase, tenant: Tenant): Promise<{ began: number; over: number }> {
  return db.mutate(tenant, async (tx) => {
    const ctx = await kernelContext(tx, { kind: 'system', reason: 'absences' }, { kind: 'timer', timer: 'absence' })
    const { began, over } = await turnAbsences(ctx)
    const members = await memberRows(tx)
    const notices = (turned: readonly Turned[], title: (name: string, until: string) => string) => turned.flatMap(({ absence, standIns }) => standIns.map((member) => ({
      member, kind: 'assigned', title: title(members.get(absence.member)?.name ?? '', formatClock(absence.to, ctx.now, tenant.zone)), body: null, object: null, record: null, groupKey: null, event: null, rule: null,
    })))
    await tell(tx, [...notices(began, (name, until) => `开始代理 ${name}，至 ${until}`), ...notices(over, (name) => `${name} 已回来，代理结束`)])
    return { began: began.length, over: over.length }
  })
}
