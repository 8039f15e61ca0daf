import { expect, test } from 'vitest'
import { regionOfIp } from '#platform/geo'

test.for([
  ['202.96.209.5', '310000'], ['219.141.136.10', '110000'], ['114.114.114.114', '320000'], ['202.103.24.68', '420000'], ['218.102.23.228', '810000'], ['168.95.1.1', '710000'],
])('GE1 %s is in %s', async ([ip, province]) => expect(await regionOfIp(ip!)).toBe(province))

test.for([
  [null], [''], ['10.0.0.1'], ['127.0.0.1'], ['192.168.1.8'], ['8.8.8.8'], ['::1'], ['2400:3200::1'], ['1.2.3'], ['999.1.1.1'], ['256.256.256.256'], ['unknown'], ['202.96.209.5, 10.0.0.1'],
])('GE2 %s is nowhere', async ([ip]) => expect(await regionOfIp(ip!)).toBeNull())

test('GE3 an answer outlives what is remembered', async () => {
  for (let i = 0; i < 5_100; i++) await regionOfIp(`36.${i >> 8}.${i & 255}.1`)
  expect(await regionOfIp('202.96.209.5')).toBe('310000')
  expect(await regionOfIp('8.8.8.8')).toBeNull()
})
