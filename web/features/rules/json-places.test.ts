import { expect, test } from 'vitest'
import { nameFor, placesIn } from './json-places.ts'

test('a sample is read to its places, lists too; what is no object is none', () => {
  expect(placesIn('{"id":"e1","data":{"items":[{"sku":"A"},{"sku":"B"}],"paid":true,"none":null,"a b":1}}')).toEqual([
    { path: 'id', value: 'e1' }, { path: 'data.items.0.sku', value: 'A' }, { path: 'data.items.1.sku', value: 'B' }, { path: 'data.paid', value: 'true' },
  ])
  expect([placesIn('x'), placesIn('3'), placesIn('{}')]).toEqual([null, null, []])
})

test('a place gives a name that is free', () => {
  expect([nameFor('data.orderNo', []), nameFor('items.0', []), nameFor('a.手机', []), nameFor('b.sku', ['sku', 'sku_2'])]).toEqual(['order_no', 'items', 'value', 'sku_3'])
})
