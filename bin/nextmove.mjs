#!/usr/bin/env node
// The command line: npx nextmove <command> …, or bin/nextmove.mjs <command> …
import { compileCache, dataFolder, ensureInstalled, root, run } from './lib.mjs'

const args = process.argv.slice(2)
process.env.NEXTMOVE_CALLED_FROM = process.cwd()
ensureInstalled({ build: false })
run([`${root}/server/cli.ts`, ...args], { NODE_ENV: 'production', NEXTMOVE_DATA: dataFolder(args), ...compileCache })
