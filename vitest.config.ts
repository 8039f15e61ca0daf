import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/**/*.test.ts', 'solutions/*.test.ts', 'tools/**/*.test.ts', 'web/**/*.test.ts'],
          pool: 'threads',
          isolate: false,
          sequence: { groupOrder: 0 },
          // As long as a crowded machine takes; alone each is done within one.
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['server/**/*.test.ts', 'solutions/*/**/*.test.ts', 'bin/**/*.test.ts'],
          globalSetup: ['test/cluster.ts'],
          pool: 'forks',
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      // Short in `npm test`, long with LAWS=long (npm run laws).
      {
        test: {
          name: 'laws',
          include: ['laws/**/*.test.ts'],
          globalSetup: ['test/cluster.ts'],
          pool: 'forks',
          // The long ones count on the whole machine.
          maxWorkers: process.env['LAWS'] === 'long' ? 1 : 2,
          sequence: { groupOrder: 2 },
          testTimeout: process.env['LAWS'] === 'long' ? 3_600_000 : 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'journeys',
          include: ['journeys/**/*.test.ts'],
          globalSetup: ['test/cluster.ts'],
          pool: 'forks',
          // Each file has its own house, each worker one browser; a person mostly waits for a page, so two share two cores well.
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // What a person waits for may take as long as a page does; the default is a second.
          expect: { poll: { timeout: 30_000 } },
        },
      },
    ],
    passWithNoTests: true,
  },
})
