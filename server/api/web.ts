import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { refused } from '#contract'
import { contentPolicy, nonce } from '#platform/http'

const NONCE = '__CSP_NONCE__'
const NOT_BUILT = '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>下一步</title><p>网页尚未构建，请用 npm start 启动。<br>The web is not built yet; start with npm start.</p></html>'

/** The web application: hashed files for a year, its one page never cached, any other address of it answered with that page. */
export async function serveWeb(app: FastifyInstance, folder: string): Promise<void> {
  if (existsSync(folder)) await app.register(fastifyStatic, { root: folder, index: false, wildcard: true, serveDotFiles: false, cacheControl: false, setHeaders: cache })
  const page = pageReader(path.join(folder, 'index.html'))
  app.get('/', (_request, reply) => sendPage(reply, page()))
  app.setNotFoundHandler((request, reply) => (isPage(request) ? sendPage(reply, page()) : refused('NOT_FOUND')))
}

function cache(response: { setHeader(name: string, value: string): void }, file: string): void {
  response.setHeader('cache-control', /[\\/]assets[\\/]/.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache')
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
  return reply.headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache', 'content-security-policy': contentPolicy(once) }).send(text.replaceAll(NONCE, once))
}

/** An address that a person typed or followed, not one of a program or of a file that is gone. */
const isPage = ({ method, url }: FastifyRequest): boolean =>
  (method === 'GET' || method === 'HEAD') && !/^\/(api|intake|f|assets|healthz|readyz|metrics)(\/|$|\?)/.test(url) && !/\.[a-z0-9]{2,5}(\?|$)/i.test(url)
