// Carries imports in a process of its own, for tests that kill it. The pool's settings come as JSON in the environment.
import { openDatabase } from '#platform/db'
import { carryImports, openHands } from '../index.ts'

const db = openDatabase({ ...JSON.parse(process.env['IMPORT_DB']!), max: 2 })
const hands = openHands()
const tenant = (await db.tenantByKey(process.env['IMPORT_TENANT']!))!
process.stdout.write('ready\n')
while (await carryImports(db, tenant, hands)) { /* as long as there is more */ }
await db.close()
