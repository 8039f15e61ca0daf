import { kernelContext } from '#kernel/access'
import { verifyTenant } from '#kernel/records'
import type { Tx } from '#platform/db'
import { checkSeal } from './check.ts'
import type { Finding, SealReport, Trust } from './types.ts'

export interface Proof extends SealReport { records: number; replayed: number }

/** Prove the seal of the log, then replay the log against the rows: the first says that nobody touched the log, the second that nobody went around it. */
export async function verifyLog(tx: Tx, trust: Trust): Promise<Proof> {
  const seal = await checkSeal(tx, trust)
  const found = await verifyTenant(await kernelContext(tx, { kind: 'system', reason: 'verify' }, { kind: 'backfill' }))
  const rows = found.differences.map(({ object, record, field, log, row }): Finding => ({ flaw: 'row differs', object, record, field, detail: `${shortly(log)} ≠ ${shortly(row)}` }))
  const loads = found.loads.map(({ member, kind, recounted, stored }): Finding => ({ flaw: 'load differs', object: kind, record: String(member), detail: `${recounted} ≠ ${stored}` }))
  return { ...seal, findings: [...seal.findings, ...rows, ...loads], records: found.records, replayed: found.changes }
}

const shortly = (value: unknown): string => { const text = JSON.stringify(value) ?? 'null'; return text.length > 80 ? `${text.slice(0, 79)}…` : text }
