import type { Context } from '#kernel/access'
import type { Verification } from '#kernel/changes'

/** Replay the log of every record and compare it with the rows, and recount every member's load. Reads in pages; meant for a job. */
export function verifyTenant(_ctx: Context): Promise<Verification> { throw new Error('not written yet') }
