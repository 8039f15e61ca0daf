import { serve } from './house.ts'
import { scratch } from './scratch.ts'

let folder: Promise<string> | undefined

/** A data folder in which the demonstration has been started once; made once per run. */
export const demoFolder = (): Promise<string> => (folder ??= make())

async function make(): Promise<string> {
  const dataDir = scratch('demo')
  const first = await serve({ dataDir, args: ['--demo'] })
  await first.stop()
  return dataDir
}
