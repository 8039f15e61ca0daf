import { Refused, ERRORS, filled, type ErrorEntry } from '#contract'
import { backupCommand, releaseCommand, restoreCommand } from './commands/backup.ts'
import { bench, doctor, migrateCommand } from './commands/care.ts'
import { openDesk } from './commands/desk.ts'
import { keyCreate, memberAdd, secondReset } from './commands/people.ts'
import { traceExport, verify } from './commands/proof.ts'
import { solutionApply, solutionExport, solutionPlan } from './commands/solution.ts'
import { type Command, Misuse } from './commands/types.ts'

const start: Command = { usage: 'start [--demo] [--lan] [--port <端口>]', zh: '启动（同 npm start）', en: 'start the server (as npm start)', run: () => Promise.resolve() }

const COMMANDS: Readonly<Record<string, Command>> = {
  start, doctor, migrate: migrateCommand, 'member add': memberAdd, 'member reset-second-factor': secondReset, 'api-key create': keyCreate, 'solution plan': solutionPlan, 'solution apply': solutionApply, 'solution export': solutionExport, bench, verify, 'trace-export': traceExport, backup: backupCommand, restore: restoreCommand, release: releaseCommand,
}

async function main(args: readonly string[]): Promise<number> {
  const [first, second] = args.filter((each) => !each.startsWith('--'))
  if (first === 'start') return serve()
  const command = COMMANDS[`${first} ${second}`] ?? COMMANDS[first ?? '']
  if (!command) return help(first === undefined || first === 'help' ? 0 : 1)
  const desk = openDesk(args)
  try {
    return (await command.run(desk)) ?? 0
  } finally {
    await desk.leave()
  }
}

/** The same process becomes the server. */
async function serve(): Promise<number> {
  const { main: run } = await import('./main.ts')
  await run(process.argv.slice(3))
  return new Promise(() => {})
}

function help(code: number): number {
  const lines = Object.values(COMMANDS).map(({ usage, zh, en }) => `  nextmove ${usage}\n      ${zh} · ${en}`)
  console.log(['用法 · usage', '', ...lines, '', '  --data <目录> · --tenant <租户> · --demo（用 data-demo）'].join('\n'))
  return code
}

function explain(error: unknown): string {
  if (error instanceof Misuse) return error.message
  if (error instanceof Refused) {
    const entry: ErrorEntry = ERRORS[error.refusal.code]
    const said = (text: string) => filled(text, error.refusal.params)
    return `${said(entry.zh)} ${said(entry.remedy.zh)}\n${said(entry.en)} ${said(entry.remedy.en)}`
  }
  return error instanceof Error && ['StartRefused', 'NoWayBack'].includes(error.name) ? error.message : `${error instanceof Error ? error.stack : String(error)}`
}

// `nextmove solution export | head` closes early.
process.stdout.on('error', () => process.exit(0))

main(process.argv.slice(2)).then((code) => { process.exitCode = code }, (error: unknown) => { console.error(explain(error)); process.exitCode = 1 })
