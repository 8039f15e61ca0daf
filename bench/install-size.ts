import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { ROOT } from './house.ts'
import type { Report } from './report.ts'
import { scratch } from './scratch.ts'

export const named = true

/** What `npm ci --omit=dev` brings onto the disk (PostgreSQL and Node themselves are in it). Asks the registry: runs only when named. */
export async function run(report: Report): Promise<void> {
  const folder = scratch('install')
  for (const file of ['package.json', 'package-lock.json']) fs.copyFileSync(path.join(ROOT, file), path.join(folder, file))
  execFileSync('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  const kilobytes = Number(execFileSync('du', ['-sk', folder], { encoding: 'utf8' }).split('\t')[0])
  report.figure('without-dev', kilobytes / 1024, 'MB', { atMost: 500 })
  return Promise.resolve()
}
