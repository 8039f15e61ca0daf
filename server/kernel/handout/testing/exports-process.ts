// Makes exports in a process of its own, for tests that kill it. The pool's settings and the folder of the files come in the environment.
import { openDatabase } from '#platform/db'
import { openStore } from '#platform/files'
import { exportHands } from '../../../start/exports.ts'
import { makeExport } from '../index.ts'

const db = openDatabase({ ...JSON.parse(process.env['EXPORT_DB']!), max: 3 })
const hands = exportHands(db, openStore(process.env['EXPORT_FILES']!))
const tenant = (await db.tenantByKey(process.env['EXPORT_TENANT']!))!
process.stdout.write('ready\n')
while (await makeExport(db, tenant, hands)) { /* as long as there is more */ }
await db.close()
