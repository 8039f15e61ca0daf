import { ROUTES, type Route } from '#contract/api'
import { escapeHtml } from '#platform/http'
import { openApi } from './openapi.ts'

/** The contract as one page without scripts; everything on it comes from this server. */
export function docsPage(version: string, nonce: string): string {
  const { paths } = openApi(version) as { paths: Record<string, Record<string, Operation>> }
  const groups = Map.groupBy(Object.values(ROUTES) as Route[], ({ path }) => path.split('/')[3]!)
  const body = [...groups].map(([group, routes]) => `<section><h2>${escapeHtml(group)}</h2>${routes.map((route) => article(route, paths[route.path]![route.method.toLowerCase()]!)).join('')}</section>`).join('')
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>下一步 API</title><style nonce="${nonce}">${STYLE}</style>
<main><h1>下一步 API</h1><p>OpenAPI 3.1：<a href="openapi.json">openapi.json</a>。所有地址都可以加前缀 <code>/t/{tenant}</code>；错误一律为 <code>{"error":{code, message, path, remedy, requestId}}</code>，语言随 <code>Accept-Language</code> 或 <code>?lang=</code>。</p>
<p>用 API 密钥：<code>Authorization: Bearer nm_…</code>。重试不会重复：POST 带 <code>Idempotency-Key</code>（24 小时）。</p>${body}</main></html>`
}

interface Operation { summary: string; description: string; parameters: { name: string; in: string; required: boolean }[]; requestBody?: { content: Record<string, { schema: unknown }> }; responses: Record<string, { content?: Record<string, { schema: unknown }> }> }

function article({ method, path, name }: Route, operation: Operation): string {
  const parameters = operation.parameters.map(({ name: key, in: where, required }) => `<li><code>${escapeHtml(key)}</code> <small>${where}${required ? ' · 必填' : ''}</small></li>`).join('')
  const answer = Object.values(operation.responses)[0]?.content
  return `<article id="${name}"><h3><b class="${method}">${method}</b> <code>${escapeHtml(path)}</code></h3><p>${escapeHtml(operation.summary)} <small>${escapeHtml(operation.description)}</small></p>
${parameters ? `<ul>${parameters}</ul>` : ''}${schema('请求 · Request', operation.requestBody?.content)}${schema('回答 · Answer', answer)}</article>`
}

const schema = (title: string, content: Record<string, { schema: unknown }> | undefined): string =>
  content ? `<details><summary>${title}</summary><pre>${escapeHtml(JSON.stringify(Object.values(content)[0]!.schema, null, 2))}</pre></details>` : ''

const STYLE = `body{font:14px/22px "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif;margin:0;background:#faf9f7;color:#23211d}main{max-width:960px;margin:0 auto;padding:24px}
h1{font-size:20px}h2{font-size:16px;margin-top:32px}h3{font-size:14px;margin:0}article{border-top:1px solid #e4e1da;padding:12px 0}code,pre{font:13px/20px ui-monospace,Menlo,monospace}
pre{overflow:auto;background:#f1efea;padding:12px;border-radius:6px;max-height:420px}small{color:#6b675f}b{display:inline-block;min-width:56px}b.GET{color:#0b6b5f}b.POST,b.PUT,b.PATCH{color:#8a5a00}b.DELETE{color:#b3261e}
a{color:#0b6b5f}ul{margin:4px 0;padding-left:20px}@media(prefers-color-scheme:dark){body{background:#14161a;color:#e6e4df}article{border-color:#2b2e35}pre{background:#1d2026}small{color:#9a968d}a,b.GET{color:#4fc3b0}b.POST,b.PUT,b.PATCH{color:#e0a94a}b.DELETE{color:#ff8a80}}`
