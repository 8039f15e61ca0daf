import { linkSync, rmSync, writeFileSync } from 'node:fs'

/** Written aside and linked into its place: whole or not at all, and only by one; whoever comes second leaves what is there. */
export function makeOnce(file: string, content: string | Buffer): void {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, content, { mode: 0o600 })
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
}
