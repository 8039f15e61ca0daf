import { contextOf, KERNEL, type Context } from '#kernel/access'
import { fieldOf, speakerFor } from '#kernel/handout'
import { getRecord, readRecords, type RecordImage, type RecordView } from '#kernel/records'
import { candidatesFor, requirePerson, wordsOf } from './person.ts'
import { reachOf } from './reach.ts'
import { endsOf, FORM_SAYS } from './traces.ts'
import type { RecordRef } from './types.ts'

/** Everything held on one person, as texts for people and as values for programs. */
export interface PersonCopy {
  title: string
  company: string
  at: Date
  sections: { label: string; records: { title: string; fields: { label: string; text: string; value: unknown }[] }[] }[]
  submissions: { at: Date; form: string; body: string }[]
  consents: { at: Date; purpose: string; version: string }[]
  /** What members typed about them and have not sent. */
  drafts: { at: Date; text: string }[]
  files: { id: string; sha256: Buffer; name: string; type: string; bytes: number }[]
}

/**
 * What is held on the person behind this record: every record that stands for them, deleted ones too, and what points to them. All fields, whoever asks:
 * the right to give copies is the right to see them. Refused NOT_FOUND, ERASURE_NOT_A_PERSON.
 */
export async function copyOfPerson(own: Context, start: RecordRef): Promise<PersonCopy> {
  await getRecord(own, start.object, start.id, [])
  const ctx = { ...(await contextOf(own.tx, { principal: KERNEL, actor: own.actor, cause: own.cause })), request: own.request }
  await requirePerson(ctx, start)
  const records = [start, ...(await candidatesFor(ctx, start)).map(({ object, id }) => ({ object, id }))]
  const reach = await reachOf(ctx, records)
  const mine = new Set(records.map(({ id }) => id))
  const images = await imagesOf(ctx, records, [...new Set(reach.pointing.filter(({ id }) => !mine.has(id)).map(({ object, id }) => `${object} ${id}`))].map((each) => ({ object: each.split(' ')[0]!, id: each.split(' ')[1]! })))
  const [ids, about] = [[...mine], [...mine, ...reach.about.map(({ id }) => id)]]
  const views = images.map((image) => ({ ...image, title: '', tags: [], version: '', can: {} }) as unknown as RecordView)
  const speaker = await speakerFor(ctx, views)
  const lang = ctx.request?.lang ?? 'zh'
  const sections = [...Map.groupBy(images, ({ object }) => object)].map(([object, all]) => ({
    label: ctx.metadata.objects.get(object)!.label[lang],
    records: all.map((image) => shown(ctx, image, speaker)),
  }))
  return {
    title: sections[0]?.records[0]?.title ?? '', company: ctx.tenant.name, at: ctx.now, sections,
    submissions: await ctx.tx.query('select received_at as at, form, body from {t}.raw_intake where record = any($1::uuid[]) order by received_at', [ids]),
    consents: await ctx.tx.query('select at, purpose, version from {t}.consent where record = any($1::uuid[]) order by at', [ids]),
    drafts: await draftsOn(ctx, about, (await wordsOf(ctx, records)).strong),
    files: await ctx.tx.query('select distinct f.id, f.sha256, f.name, f.type, f.bytes from {t}.file_use u join {t}.file f on f.id = u.file where u.record = any($1::uuid[])', [about]),
  }
}

async function draftsOn({ tx, metadata, request }: Context, about: readonly string[], strong: readonly string[]): Promise<PersonCopy['drafts']> {
  const rows = await tx.query<{ at: Date; text: string; object: string; vals: Record<string, unknown> | null }>(`select saved_at as at, text, object, vals from {t}.draft where (record = any($1::uuid[]) or ${FORM_SAYS}) and (btrim(text) <> '' or vals is not null) order by saved_at`, [about, strong, endsOf(strong)])
  const said = (object: string, [key, value]: [string, unknown]): string => `${metadata.objects.get(object)?.field.get(key)?.label[request?.lang ?? 'zh'] ?? key}：${typeof value === 'string' ? value : JSON.stringify(value)}`
  return rows.map(({ at, text, object, vals }) => ({ at, text: vals ? Object.entries(vals).map((each) => said(object, each)).join('；') : text }))
}

async function imagesOf(ctx: Context, first: readonly RecordRef[], then: readonly RecordRef[]): Promise<RecordImage[]> {
  const found: RecordImage[] = []
  for (const [object, same] of [...Map.groupBy(first, (each) => each.object), ...Map.groupBy(then, (each) => each.object)]) found.push(...(await readRecords(ctx, object, same.map(({ id }) => id))).values())
  return found
}

const BASE = ['created_at', 'updated_at', 'owner', 'last_activity_at']

function shown(ctx: Context, { object, values }: RecordImage, speaker: Awaited<ReturnType<typeof speakerFor>>): PersonCopy['sections'][number]['records'][number] {
  const definition = ctx.metadata.objects.get(object)!
  const lang = ctx.request?.lang ?? 'zh'
  const keys = [...definition.field.keys(), ...BASE]
  const fields = keys.flatMap((key) => {
    const [field, value] = [fieldOf(ctx, object, key), values[key]]
    return field && value !== null && value !== undefined ? [{ label: field.label[lang], text: speaker.text(field, value), value }] : []
  })
  const title = fieldOf(ctx, object, definition.title)
  return { title: title ? speaker.text(title, values[definition.title]) : '', fields }
}
