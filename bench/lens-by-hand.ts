import { READ_STATES, type Field, type Policy, type ReadState } from '#language/definitions'

/** For whom it is written: a supervisor at a screen, from no known address. */
export interface Hand { schema: string; me: number; teams: readonly number[]; sort: string; working: boolean; tagId: (key: string) => number }

/** $1: me, $2: the level, $3: the teams. */
export function byHandText(hand: Hand, { policies, fields, page }: { policies: readonly Policy[]; fields: readonly Field[]; page: number }): string {
  const mine = policies.filter((policy) => concerns(hand, policy))
  const column = (field: Field): string => cased(hand, field, mine)
  // What is masked is not what was asked for either.
  const unread = READ_STATES.flatMap((state) => stateWhen(hand, mine, 'level', state) ?? []).join(' or ')
  const [order, second] = hand.sort === 'created_at' ? ['created_at', 'id'] : [`f_${hand.sort}`, 'id desc']
  const ordered = hand.sort === 'created_at' ? order : column(fields.find(({ key }) => key === hand.sort)!)
  const found = `select r.id, r.tags, r.created_at, ${fields.map((field) => `${column(field)} as f_${field.key}`).join(', ')} from ${hand.schema}.o_customer r
    where gone_act is null and f_level = $2${unread ? ` and (${unread}) is not true` : ''} and ${ordered} is not null`
  const cut = `order by ${order} desc, ${second} limit ${page + 1}`
  const shared = `collaborators <> '{}' and collaborators @> array[$1::int]`
  const team = hand.teams.length === 1 ? 'owner_team = ($3::int[])[1]' : 'owner_team = any($3::int[])'
  if (hand.teams.length > 1) return `${found} and (owner = $1 or ${team} or (${shared})) ${cut}`
  const ways = ['owner = $1', `${shared} and owner is distinct from $1`, `${team} and owner is distinct from $1 and not (${shared})`].map((way) => `${found} and ${way}`)
  return hand.sort === 'created_at' ? `select * from (${ways.map((way) => `(${way} ${cut})`).join(' union all ')}) u ${cut}` : `with mine as materialized (${ways.join(' union all ')}) select * from mine ${cut}`
}

function concerns({ working }: Hand, { who, except, scenarios, time, network, actions }: Policy): boolean {
  if (who || except?.roles?.includes('supervisor') || actions.length > 0) return false
  return (!scenarios || scenarios.includes('screen')) && (!time || (time === 'working') === working) && (!network || !network.inside)
}

const SHOWN: Partial<Record<ReadState, (column: string) => string>> = {
  hidden: () => 'null', constant: (column) => `case when ${column} is not null then '******' end`, star: (column) => `case when ${column} is not null then '***' end`,
  year: (column) => `date_trunc('year', ${column}::timestamp)::date`, leading: (column) => `trunc(${column}, 1 - length(trunc(abs(${column}))::text))`,
}

function cased(hand: Hand, { key }: Field, mine: readonly Policy[]): string {
  const steps = READ_STATES.flatMap((state) => { const when = stateWhen(hand, mine, key, state); return when ? [`when ${when} then ${SHOWN[state]!(`f_${key}`)}`] : [] })
  return steps.length === 0 ? `f_${key}` : `case ${steps.join(' ')} else f_${key} end`
}

/** Tags are asked in one look, whatever their number. */
function stateWhen({ tagId }: Hand, mine: readonly Policy[], key: string, state: ReadState): string | null {
  const about = mine.filter(({ fields }) => fields[key]?.read === state).map(({ when }) => when as unknown as { field: string; op: string; value: string | string[] })
  const tags = [...new Set(about.filter(({ field }) => field === 'tags').map(({ value }) => tagId(value as string)))]
  const others = [...new Set(about.filter(({ field }) => field !== 'tags').map(asked))]
  const parts = [...(tags.length > 0 ? [`tags && '{${tags.join(',')}}'::int[]`] : []), ...others]
  return parts.length === 0 ? null : parts.join(' or ')
}

const SIGN: Readonly<Record<string, string>> = { eq: '=', gt: '>' }
const asked = ({ field, op, value }: { field: string; op: string; value: string | string[] }): string =>
  op === 'in' ? `f_${field} in (${(value as string[]).map((each) => `'${each}'`).join(', ')})` : `f_${field} ${SIGN[op]} '${value as string}'`
