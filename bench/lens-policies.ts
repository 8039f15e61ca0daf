import type { Condition } from '#language/conditions'
import type { Field, FieldKind, Policy, ReadState } from '#language/definitions'
import { masksOf } from '#language/definitions'

/** Two hundred policies about customers that read fifty tags, fields and relations, for different people in different circumstances. */
const label = { zh: '量', en: 'Bench' }
const named = (name: string) => ({ zh: name, en: name })

const KINDS: readonly FieldKind[] = ['text', 'money', 'text', 'date', 'text', 'phone', 'email', 'text', 'money']
/** With what the trade already says of a customer: forty. */
export const MORE: readonly Field[] = Array.from({ length: 18 }, (_, i) => ({ key: `more_${i + 1}`, kind: KINDS[i % KINDS.length]!, label: named(`补充${i + 1}`) }) as Field)
export const TAGS = Array.from({ length: 50 }, (_, i) => ({ key: `标签${i + 1}`, label: named(`标签${i + 1}`), policy: true }))

/** What pages show and are ordered by is not policed: an order by what differs from record to record is refused above 100,000. */
const LEFT_ALONE: ReadonlySet<string> = new Set(['no', 'name', 'annual_purchase'])
const SPARED = ['risk', 'director', 'marketing', 'supervisor'] as const

export function policiesOn(fields: readonly Field[]): Policy[] {
  const policed = fields.filter(({ key }) => !LEFT_ALONE.has(key))
  return Array.from({ length: 200 }, (_, i) => {
    const field = policed[(i * 7) % policed.length]!
    return { key: `bench_${i}`, label, object: 'customer', effect: 'limit', fields: {}, actions: [], ...said(i, field) } as Policy
  })
}

const tagged = (i: number) => ({ field: 'tags', op: 'has', value: TAGS[(i * 3) % TAGS.length]!.key }) as const
const stated = (i: number, { kind }: Field): ReadState => (['hidden', ...masksOf(kind).slice(0, 2)] as const)[i % (1 + masksOf(kind).slice(0, 2).length)]!
const ABOUT: readonly Condition[] = [
  { field: 'level', op: 'eq', value: 'a' }, { field: 'lifecycle', op: 'in', value: ['won', 'repeat'] },
  { field: 'annual_purchase', op: 'gt', value: '4500000' }, { field: 'industry', op: 'eq', value: 'medical' },
]

/** By turns: eighty by tag, forty by a field, the rest by relation, scenario, hour, network, by what is allowed, and by actions. */
function said(i: number, field: Field): Partial<Policy> {
  const [turn, fields] = [i % 20, { [field.key]: { read: stated(i, field) } }]
  const except = { roles: [SPARED[i % SPARED.length]!] }
  if (turn < 8) return { except, when: tagged(i), fields }
  if (turn < 12) return { except, when: ABOUT[Math.floor(i / 4) % ABOUT.length]!, fields }
  if (turn < 14) return { except: { relations: ['owner'], roles: ['admin'] }, when: tagged(i), fields: { [field.key]: { write: false } } }
  if (turn < 16) return { scenarios: turn === 14 ? ['export', 'print'] : ['api', 'bulk'], when: tagged(i), fields }
  if (turn === 16) return { time: i % 40 < 20 ? 'working' : 'off', when: tagged(i), fields }
  if (turn === 17) return { network: { ranges: ['10.0.0.0/8'], inside: i % 40 < 20 }, when: tagged(i), fields }
  if (turn === 18) return { effect: 'allow', who: { roles: ['marketing'] }, fields: { [field.key]: { read: 'full' } } }
  return { except, when: tagged(i), actions: [(['edit', 'delete', 'export'] as const)[i % 3]!] }
}
