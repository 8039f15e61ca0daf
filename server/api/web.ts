import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { refused } from '#contract'
import { contentPolicy, nonce } from '#platform/http'
import { sendFile } from './files.ts'

const NONCE = '__CSP_NONCE__'
const NOT_BUILT = '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>下一步</title><p>网页尚未构建，请用 npm start 启动。<br>The web is not built yet; start with npm start.</p></html>'

/** The web application: hashed files for a year, its one page never cached, any other address of it answered with that page. */
export function serveWeb(app: FastifyInstance, folder: string): void {
  const page = pageReader(path.join(folder, 'index.html'))
  app.get('/', (_request, reply) => sendPage(reply, page()))
  app.setNotFoundHandler(async (request, reply) => {
    if (isPage(request)) return sendPage(reply, page())
    return isFile(request) && (await sendFile(request, reply, folder)) ? reply : refused('NOT_FOUND')
  })
}

/** Read again when a build has replaced it. */
function pageReader(file: string): () => string {
  let read: { text: string; at: number } | undefined
  return () => {
    if (!read || performance.now() - read.at > 1_000) read = { text: existsSync(file) ? readFileSync(file, 'utf8') : NOT_BUILT, at: performance.now() }
    return read.text
  }
}

function sendPage(reply: FastifyReply, text: string): FastifyReply {
  const once = nonce()
  return reply.code(200).headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache', 'content-security-policy': contentPolicy(once) }).send(text.replaceAll(NONCE, once))
}

const reads = ({ method }: FastifyRequest): boolean => method === 'GET' || method === 'HEAD'
const OURS = /^\/(api|intake|f|healthz|readyz|metrics)(\/|$|\?)/
const FILE = /\/[^/?]*\.[^/?]*(\?|$)/
/** An address that a person typed or followed, not one of a program or of a file that is gone. */
const isPage = (request: FastifyRequest): boolean => reads(request) && !OURS.test(request.url) && !FILE.test(request.url)
const isFile = (request: FastifyRequest): boolean => reads(request) && !OURS.test(request.url)
