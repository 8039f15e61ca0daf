import { demoFolder } from './demo-folder.ts'
import { serve } from './house.ts'
import type { Report } from './report.ts'

/** Every start after the first: `npm start -- --demo` until the server says that it is ready. The best of three. */
export async function run(report: Report): Promise<void> {
  const { dataDir } = await demoFolder()
  const times: number[] = []
  for (let i = 0; i < 3; i++) {
    const served = await serve({ dataDir, args: ['--demo'] })
    times.push(served.readyMs)
    await served.stop()
  }
  report.say(`each: ${times.map((ms) => `${(ms / 1000).toFixed(2)} s`).join(', ')}`)
  report.figure('second-start', Math.min(...times) / 1000, 's', { atMost: 3 })
}
