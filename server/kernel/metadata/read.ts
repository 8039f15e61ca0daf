import type { Tenant, Tx } from '#platform/db'
import { Recent } from '#platform/recent'
import { buildMetadata, type Stored } from './build.ts'
import type { Metadata } from './types.ts'

const TENANTS_CACHED = 200
const cached = new Recent<Tenant, Metadata>(TENANTS_CACHED)

/** Transactions that have themselves raised the epoch: what they see is not yet true for others. */
const raised = new WeakMap<Tx, { epoch: number; own: Metadata | null }>()

/**
 * Everything configured, as of the transaction's epoch or newer (columns are never taken away, so newer is safe).
 * No statement while the epoch stands, else one. Per-epoch caches of other rooms key on the returned object.
 */
export async function metadataOf(tx: Tx): Promise<Metadata> {
  const mine = raised.get(tx)
  if (mine) return (mine.own ??= await load(tx))
  const known = cached.get(tx.tenant)
  if (known && known.epoch >= tx.epoch) return known
  const loaded = await load(tx)
  remember(tx.tenant, loaded)
  return loaded
}

/** Raises the epoch: the next transactions reload what is configured. Returns the new epoch; locks the state row until commit. */
export async function bumpEpoch(tx: Tx): Promise<number> {
  const rows = await tx.query<{ epoch: number }>('update {t}.state set epoch = epoch + 1 returning epoch', [], { name: 'bump epoch' })
  const { epoch } = rows[0]!
  raised.set(tx, { epoch, own: null })
  return epoch
}

/** The stored rows behind Metadata, in one statement and so in one snapshot. */
export async function readStored(tx: Tx): Promise<Stored> {
  const [row] = await tx.query<Stored>(STORED, [], { name: 'metadata' })
  return row!
}

const load = async (tx: Tx): Promise<Metadata> => buildMetadata(await readStored(tx))

function remember(tenant: Tenant, metadata: Metadata): void {
  cached.set(tenant, metadata)
}

const STORED = `select epoch,
  (select coalesce(json_agg(json_build_object('kind', kind, 'key', key, 'version', version, 'state', state, 'body', body, 'solution', solution, 'installed', installed, 'base', base)
    order by kind, key), '[]') from {t}.definition) as definitions,
  (select coalesce(json_agg(json_build_object('id', id, 'key', key)), '[]') from {t}.tag) as tags,
  (select coalesce(json_agg(json_build_object('id', id, 'name', name, 'parent', parent, 'head', head) order by id), '[]') from {t}.team) as teams,
  (select coalesce(json_agg(json_build_object('key', v.key, 'version', v.version, 'body', v.body)), '[]') from (select distinct rule, version from {t}.wait) w
    join {t}.definition d on d.kind = 'rule' and d.key = w.rule and d.version <> w.version
    join {t}.definition_version v on v.kind = 'rule' and v.key = w.rule and v.version = w.version and v.body is not null) as pinned
  from {t}.state`
