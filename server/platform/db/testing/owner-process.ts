import { startEmbedded } from '../embedded.ts'

// Owns the cluster of argv[2] until it is killed; prints the pid of its PostgreSQL.
const { pid, announce } = await startEmbedded({ dataDir: process.argv[2]! })
announce('http://127.0.0.1:7777')
console.log(pid)
