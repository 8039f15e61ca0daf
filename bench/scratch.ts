import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const made = new Set<string>()

/** A folder of this run's own on the disk (BENCH_DIR, else the system's temporary one); gone when the run ends. */
export function scratch(name: string): string {
  const folder = fs.mkdtempSync(path.join(process.env['BENCH_DIR'] ?? os.tmpdir(), `nextmove-bench-${name}-`))
  fs.chmodSync(folder, 0o755)
  made.add(folder)
  return folder
}

process.on('exit', () => made.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
