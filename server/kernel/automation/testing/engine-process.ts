// An engine in a process of its own, for tests that kill it. The pool's settings come as JSON in the environment.
import { openDatabase } from '#platform/db'
import { startEngine } from '../index.ts'

startEngine({ db: openDatabase({ ...JSON.parse(process.env['ENGINE_DB']!), max: 4 }), channels: {}, repairMs: 100, onTrouble: (error) => console.error(error) })
process.stdout.write('ready\n')
