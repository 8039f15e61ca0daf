import { serve } from './house.ts'
import { scratch } from './scratch.ts'

export interface DemoFolder { dataDir: string; /** From the keystroke until the server was ready for the first time: database made, solution installed, ninety days written. */ firstMs: number }
let folder: Promise<DemoFolder> | undefined

/** A data folder in which the demonstration has been started once; made once per run. */
export const demoFolder = (): Promise<DemoFolder> => (folder ??= make())

async function make(): Promise<DemoFolder> {
  const dataDir = scratch('demo')
  const first = await serve({ dataDir, args: ['--demo'] })
  await first.stop()
  return { dataDir, firstMs: first.readyMs }
}
