import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'
import { isInline, openStore, sniff } from './index.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'nextmove-store-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const bytes = (...parts: (string | number[])[]): Buffer => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))
const ZIP = bytes('PK', [3, 4, 0, 0])

test.each([
  ['合同.pdf', bytes('%PDF-1.7\n'), 'application/pdf', true],
  ['picture.exe', bytes([0x89], 'PNG\r\n', [0x1a], '\n'), 'image/png', true],
  ['photo.jpg', bytes([0xff, 0xd8, 0xff, 0xe0]), 'image/jpeg', true],
  ['报价.xlsx', ZIP, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', false],
  ['资料.zip', ZIP, 'application/zip', false],
  ['旧.doc', bytes([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), 'application/msword', false],
  ['录音.amr', bytes('#!AMR\n'), 'audio/amr', false],
  ['会议.mp3', bytes([0xff, 0xfb, 0x90, 0x44]), 'audio/mpeg', false],
  ['导出.csv', bytes([0xff, 0xfe], '姓\0'), 'text/plain', true],
  ['说明.txt', Buffer.from('第一行\n第二行'), 'text/plain', true],
])('F1 %s', (name, head, type, inline) => {
  expect(sniff(head, name)?.type).toBe(type)
  expect(isInline(type)).toBe(inline)
})

test.each([['setup.pdf', bytes('MZ', [0x90, 0, 3])], ['a.jpg', bytes([0x7f], 'ELF', [2, 1])], ['plugin.zip.jar', ZIP], ['run.sh', Buffer.from('echo hi')], ['run', Buffer.from('#!/bin/sh\necho')], ['x.js', Buffer.from('alert(1)')], ['leer.txt', Buffer.alloc(0)], ['rauschen.dat', bytes([1, 2, 3, 0])]])('F2 %s is not taken', (name, head) => {
  expect(sniff(head, name)).toBeNull()
})

test.each(['<svg xmlns="http://www.w3.org/2000/svg"><script>', '\n<!DOCTYPE html>', '<html>', '文字 <script>alert(1)</script>', '<?xml version="1.0"?><x/>'])('F2 %s is bytes', (text) => {
  expect(sniff(Buffer.from(text), 'logo.txt')?.type).toBe('application/octet-stream')
  expect(isInline('application/octet-stream')).toBe(false)
})

test('F3 the same content once, nothing of a refused one', async () => {
  const store = openStore(folder)
  const body = Buffer.alloc(300_000, '合')
  const one = await store.stage('shop', Readable.from([body.subarray(0, 100), body.subarray(100)]), () => {})
  expect([one.bytes, one.sha256, one.head.length]).toEqual([300_000, createHash('sha256').update(body).digest(), 4_096])
  await store.keep('shop', one)
  const two = await store.stage('shop', Readable.from([body]), () => {})
  await store.keep('shop', two)
  expect(await buffer((await store.read('shop', one.sha256))!)).toEqual(body)
  expect(await store.read('other', one.sha256)).toBeNull()

  const more = Readable.from([Buffer.alloc(5_000), Buffer.alloc(5_000)])
  await expect(store.stage('shop', more, ({ bytes: so }) => { if (so > 6_000) throw new Error('too much') })).rejects.toThrow('too much')
  expect(readdirSync(path.join(folder, 'shop', 'incoming'))).toEqual([])
  await store.remove('shop', one.sha256)
  expect(await store.read('shop', one.sha256)).toBeNull()
  await store.clear('shop')
  expect(existsSync(path.join(folder, 'shop'))).toBe(false)
})
