import { demoFolder } from './demo-folder.ts'
import type { Report } from './report.ts'

/** The first start of a demonstration: `npm start -- --demo` in an empty folder until the server says that it is ready. */
export async function run(report: Report): Promise<void> {
  const { firstMs } = await demoFolder()
  report.figure('first-start', firstMs / 1000, 's', { atMost: 60 })
}
