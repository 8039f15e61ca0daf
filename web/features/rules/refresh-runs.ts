import { queries } from '../../api/client.ts'

/** Runs, the run page and the figures of the rules are read anew. */
export const refreshRuns = (): Promise<unknown> => Promise.all(['runs', 'run', 'ruleHealth'].map((key) => queries.invalidateQueries({ queryKey: [key] })))
