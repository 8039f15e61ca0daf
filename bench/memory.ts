import fs from 'node:fs'
import { demoFolder } from './demo-folder.ts'
import { serve, sleep } from './house.ts'
import type { Report } from './report.ts'

const QUIET_MS = 15_000

/** Resident memory of the server's process (engine and api in one), idle, after its first pages have been asked for. */
export async function run(report: Report): Promise<void> {
  const served = await serve({ dataDir: (await demoFolder()).dataDir, args: ['--demo'] })
  try {
    for (const page of ['/', '/api/openapi.json', '/f/pricing', '/api/v1/auth/me']) await fetch(served.url + page).then((answer) => answer.arrayBuffer())
    await sleep(QUIET_MS)
    const status = fs.readFileSync(`/proc/${served.pid}/status`, 'utf8')
    const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)![1]) / 1024
    report.figure('idle-rss', field('VmRSS'), 'MB', { atMost: 200 })
    report.figure('peak-rss', field('VmHWM'), 'MB')
  } finally {
    await served.stop()
  }
}
