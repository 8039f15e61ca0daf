import { createHash } from 'node:crypto'
import type { StoredDefinition } from '#kernel/metadata'
import type { DefinitionKind } from '#language/definitions'
import type { Tx } from '#platform/db'

interface Whose { owner: number | null; shared: boolean; teams?: readonly number[]; instead?: string }
export type Owned = Pick<StoredDefinition, 'kind' | 'body'>

const whoseOf = ({ kind, body }: Owned): Whose | null => (kind === 'view' || kind === 'dashboard' ? (body as unknown as Whose) : null)

/** Is it nobody's own affair? A view or dashboard that a member made is, until it is shared with everybody or with departments. */
export function isCarried(each: Owned): boolean {
  const whose = whoseOf(each)
  return whose === null || whose.owner === null || (whose.instead === undefined && (whose.shared || (whose.teams ?? []).length > 0))
}

/** Whose a view or dashboard is that a member made; null: the company's, or of another kind. */
export const makerOf = (each: Owned): number | null => whoseOf(each)?.owner ?? null

/** What a member made and shared. */
export const isMembersOwn = (each: Owned): boolean => makerOf(each) !== null

/** Whose a view or dashboard is and with whom it is shared is decided where it stands: what comes in does not change it, unless it is the company's here and there. */
export function whoseHere(kind: DefinitionKind, whole: unknown, here: unknown): unknown {
  const [came, stands] = [whole, here].map((body) => (body === null ? null : whoseOf({ kind, body: body as never })))
  if (!came || !stands || (came.owner === null && stands.owner === null)) return whole
  const { teams: _, ...rest } = came
  return { ...rest, owner: stands.owner, shared: stands.shared, ...(stands.teams && { teams: stands.teams }) }
}

/** May whoever asks look at this one as it stands here? What they may not see neither leaves with a file nor is changed by one. */
export type Sees = (each: Owned) => boolean

/** By which a member is known again in another workspace, without their address standing in a file: of the e-mail and the workspace that the file is from, 32 hex digits. Two workspaces say different ones. */
const markOf = (workspace: string, email: string): string => createHash('sha256').update(`member ${workspace} ${email.toLowerCase()}`).digest('hex').slice(0, 32)

/** Of everybody here with an e-mail, as a file from `workspace` says them. One statement. */
export async function marksOf(tx: Tx, workspace: string): Promise<ReadonlyMap<number, string>> {
  const rows = await tx.query<{ id: number; email: string }>(`select id, email from {t}.member where email is not null`)
  return new Map(rows.map(({ id, email }) => [id, markOf(workspace, email)]))
}
