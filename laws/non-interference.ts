import fc from 'fast-check'

/** Something that somebody asks of the house: a method, an address, perhaps a body. `{i}` stands for a record of theirs, `{x}` for one of somebody else's. */
export interface Asked { method: 'GET' | 'POST' | 'PATCH'; url: string; body?: unknown }

const FIELDS = ['name', 'address', 'phone', 'annual_purchase', 'risk_rating', 'level', 'industry', 'created_at', 'nothing'] as const
const field = fc.constantFrom(...FIELDS)
const TEXT = ['金', '路', '138', 'r4', '5', '号', 'a', '8001']
const leaf = fc.oneof(
  fc.record({ field: fc.constantFrom('address', 'name'), op: fc.constantFrom('eq', 'ne', 'contains', 'startsWith', 'notContains'), value: fc.constantFrom(...TEXT, '金茂路 1 号') }),
  fc.record({ field: fc.constantFrom('annual_purchase'), op: fc.constantFrom('gt', 'le', 'eq', 'ne'), value: fc.constantFrom('0', '5', '500000', '999999') }),
  fc.record({ field: fc.constantFrom('risk_rating', 'level'), op: fc.constantFrom('eq', 'ne', 'in', 'notIn'), value: fc.constantFrom<unknown>('r1', 'r4', 'a') }).map((each) => (each.op === 'in' || each.op === 'notIn' ? { ...each, value: [each.value] } : each)).filter(({ field: key, value }) => (key === 'level') === JSON.stringify(value).includes('"a"')),
  fc.record({ field: fc.constantFrom('address', 'annual_purchase', 'risk_rating', 'phone'), op: fc.constantFrom('empty', 'notEmpty') }),
  fc.record({ field: fc.constant('phone'), op: fc.constantFrom('eq', 'ne', 'startsWith'), value: fc.constantFrom('+8613800138001', '+8613900139002') }),
)
const filter = fc.oneof({ weight: 2, arbitrary: leaf }, leaf.map((each) => ({ not: each })), fc.tuple(leaf, leaf).map((parts) => ({ any: parts })), fc.tuple(leaf, leaf).map((parts) => ({ all: parts })))
const q = (given: Record<string, unknown>) => Object.entries(given).filter(([, value]) => value !== undefined).map(([key, value]) => `${key}=${encodeURIComponent(typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value))}`).join('&')

const of = '/api/v1/objects/customer'
const list = `${of}/records`
const sort = fc.tuple(field, fc.constantFrom('', '-')).map(([key, sign]) => `${sign}${key}`)
const measure = fc.oneof(fc.record({ of: fc.constantFrom('sum', 'avg', 'min', 'max', 'distinct'), field }), fc.constant({ of: 'count' }))

/** Every kind of question that a member can put about customers. */
export const requests: fc.Arbitrary<Asked> = fc.oneof(
  fc.record({ filter: fc.option(filter, { nil: undefined, freq: 4 }), sort: fc.option(sort, { nil: undefined }), limit: fc.constantFrom(2, 50), search: fc.option(fc.constantFrom(...TEXT), { nil: undefined, freq: 3 }), fields: fc.option(field, { nil: undefined, freq: 2 }) }).map((each) => ({ method: 'GET' as const, url: `${list}?${q(each)}` })),
  fc.record({ filter: fc.option(filter, { nil: undefined }), search: fc.option(fc.constantFrom(...TEXT), { nil: undefined }) }).map((each) => ({ method: 'GET' as const, url: `${of}/count?${q(each)}` })),
  fc.record({ groupBy: fc.option(field.map((key) => [{ field: key }]), { nil: undefined }), measures: fc.array(measure, { minLength: 1, maxLength: 2 }), filter: fc.option(filter, { nil: undefined }) }).map((each) => ({ method: 'GET' as const, url: `${of}/aggregate?${q(each)}` })),
  fc.constantFrom('', '/timeline', '/changes', '/why', ...FIELDS.map((key) => `/why/${key}`)).chain((tail) => fc.constantFrom('{i}', '{i}', '{x}').map((id) => ({ method: 'GET' as const, url: `${list}/${id}${tail}` }))),
  fc.constantFrom(...TEXT).map((text) => ({ method: 'GET' as const, url: `/api/v1/search?${q({ q: text })}` })),
  filter.map((each) => ({ method: 'GET' as const, url: `${of}/ids?${q({ filter: each })}` })),
  fc.record({ format: fc.constant('csv'), filter: fc.option(filter, { nil: undefined }), search: fc.option(fc.constantFrom(...TEXT), { nil: undefined, freq: 2 }), fields: fc.constant('name,address,annual_purchase,risk_rating,phone') }).map((each) => ({ method: 'GET' as const, url: `${of}/export?${q(each)}` })),
  fc.tuple(fc.constantFrom('address', 'annual_purchase', 'risk_rating', 'phone'), fc.constantFrom<unknown>('***', null)).map(([key, value]) => ({ method: 'PATCH' as const, url: `${list}/{h}`, body: { version: 'x', values: { [key]: value } } })),
  fc.constantFrom('/api/v1/workbench', '/api/v1/definitions', '/api/v1/notifications').map((url) => ({ method: 'GET' as const, url })),
)
