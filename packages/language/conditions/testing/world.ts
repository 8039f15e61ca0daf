import type { Definitions } from '../schema.ts'

/** Three objects that know every kind: things, the parts that point to them, and the makers they point to. */
const label = (zh: string) => ({ zh, en: zh })
const field = (key: string, kind: string, more: object = {}) => ({ key, kind, label: label(key), ...more })

const KINDS = [
  field('name', 'text'), field('page', 'url'), field('phone', 'phone'), field('count', 'integer'), field('ratio', 'decimal'), field('amount', 'money'), field('rate', 'percent'),
  field('open', 'boolean'), field('day', 'date'), field('moment', 'datetime'), field('colour', 'select', { dictionary: 'colours' }), field('colours', 'multiselect', { dictionary: 'colours' }),
  field('region', 'region'), field('maker', 'reference', { to: 'maker' }), field('about', 'anyReference', { to: ['thing', 'maker'] }), field('keeper', 'member'), field('guests', 'members'), field('crew', 'team'), field('files', 'file'),
]

export const OBJECTS = ['thing', 'part', 'maker'] as const
export type ObjectKey = (typeof OBJECTS)[number]

export const DEFINITIONS = {
  objects: [
    { key: 'thing', label: label('物'), title: 'name', fields: KINDS },
    { key: 'part', label: label('件'), title: 'name', fields: [...KINDS, field('thing', 'reference', { to: 'thing' }), field('whole', 'anyReference', { to: '*' })] },
    { key: 'maker', label: label('厂'), title: 'name', fields: KINDS.filter(({ key }) => key !== 'maker') },
  ],
  dictionaries: [{
    key: 'colours', label: label('颜色'),
    options: [{ key: 'red', label: label('红') }, { key: 'dark_red', label: label('深红'), parent: 'red' }, { key: 'wine', label: label('酒红'), parent: 'dark_red' }, { key: 'green', label: label('绿') }],
  }],
  tags: [{ id: 1, key: 'hot' }, { id: 2, key: '大客户' }, { id: 3, key: "o'clock" }],
} as unknown as Definitions

/** A stored record: cells by key as they travel in JSON; `gone` deleted; `hidden` the fields whose cell the reader may not see. */
export interface Stored { object: ObjectKey; id: string; cells: Record<string, unknown>; gone: boolean; hidden: string[] }

export const kindOf = (object: string, key: string): string => {
  const base: Record<string, string> = { id: 'reference', owner: 'member', owner_team: 'team', tags: 'tags', origin: 'text', created_at: 'datetime', created_by: 'member', updated_at: 'datetime', updated_by: 'member', last_activity_at: 'datetime', next_contact_at: 'datetime' }
  return base[key] ?? DEFINITIONS.objects.find((each) => each.key === object)!.fields.find((each) => each.key === key)!.kind
}

export const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
