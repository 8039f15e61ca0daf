import type { Context } from '#kernel/access'
import { WORKBENCH } from './cast.ts'
import { formatInstant, formatSeconds, roughly } from '#language/values'

/** One behaviour as it stands in a row of the home page. */
export interface Doing { id: string; kind: string | null; page: string | null; seconds: number | null; material: string | null; content: string | null; at: string; nth: number }
export interface Both { zh: string; en: string }

/** 「2 小时前第 3 次看定价页」 */
export function doingWords(ctx: Context, doing: Doing): Both {
  const what = deed(ctx, doing)
  const at = { zh: formatInstant(doing.at, ctx.now, 'zh', ctx.tenant.zone), en: formatInstant(doing.at, ctx.now, 'en', ctx.tenant.zone) }
  const again = doing.nth > 1
  return { zh: `${at.zh}${again ? `第 ${doing.nth} 次` : ''}${what.zh}`, en: `${at.en}: ${what.en}${again ? `, ${doing.nth} times this week` : ''}` }
}

/** 「看定价页」 */
export function deed(ctx: Context, { kind, page, seconds, material, content }: Omit<Doing, 'nth'>): Both {
  const where = pageName(page)
  switch (kind) {
    case 'view': return { zh: `看${where.zh}`, en: `saw ${where.en}` }
    case 'dwell': return { zh: `在${where.zh}停留 ${seconds ?? 0} 秒`, en: `stayed ${seconds ?? 0} s on ${where.en}` }
    case 'return': return { zh: `回访${where.zh}`, en: `came back to ${where.en}` }
    case 'download': return { zh: `下载${material ? `「${materialName(ctx, material).zh}」` : '资料'}`, en: `downloaded ${material ? materialName(ctx, material).en : 'a file'}` }
    case 'video': return { zh: `看视频 ${seconds ?? 0} 秒`, en: `watched a video for ${seconds ?? 0} s` }
    case 'call': return { zh: `来电${seconds ? ` ${formatSeconds(seconds)}` : ''}${quoted(content)}`, en: `called${seconds ? ` for ${formatSeconds(seconds, 'en')}` : ''}${quoted(content, ': ')}` }
    case 'message': return { zh: `发来消息${quoted(content)}`, en: `sent a message${quoted(content, ': ')}` }
    default: return { zh: kindName(ctx, kind, 'zh'), en: kindName(ctx, kind, 'en') }
  }
}

/** As much of what was said as one line holds. */
const quoted = (content: string | null, mark = '：'): string => (content ? `${mark}${content.length > 40 ? `${content.slice(0, 40)}…` : content}` : '')

/** A download is known by its key; the form that offers it says how it is called. */
function materialName({ metadata }: Context, key: string): Both {
  const offered = [...metadata.forms.values()].flatMap(({ materials = [] }) => materials)
  return offered.find((each) => each.key === key)?.label ?? { zh: key, en: key }
}

export const behaviourName = (ctx: Context, { kind }: Doing): string => kindName(ctx, kind, ctx.request?.lang ?? 'zh')

function kindName({ metadata }: Context, kind: string | null, lang: 'zh' | 'en'): string {
  const field = metadata.objects.get(WORKBENCH.behaviour.object)?.field.get(WORKBENCH.behaviour.kind)
  return (field?.dictionary && kind && metadata.dictionaries.get(field.dictionary)?.byKey.get(kind)?.label[lang]) || (kind ?? '')
}

function pageName(page: string | null): Both {
  if (!page) return { zh: '网页', en: 'a page' }
  const known = WORKBENCH.pages.find(({ contains }) => page.includes(contains))
  if (known) return known.label
  const path = URL.canParse(page) ? new URL(page).pathname : page
  return { zh: ` ${path} `, en: path }
}

/** A promise's words: how long past, or when. */
export function dueWords(ctx: Context, due: Date): Both {
  const late = ctx.now.getTime() - due.getTime()
  if (late >= 60_000) return { zh: `约定时间已过 ${roughly(late, 'zh')}`, en: `${roughly(late, 'en')} past the agreed time` }
  return { zh: `约好${formatInstant(due, ctx.now, 'zh', ctx.tenant.zone)}联系`, en: `agreed for ${formatInstant(due, ctx.now, 'en', ctx.tenant.zone)}` }
}
