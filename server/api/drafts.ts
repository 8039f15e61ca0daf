import { keepDraft, keepForm, openDraft, openForm, unsavedAbout, unsavedForms, type UnsavedForm, unsentDrafts, type Draft } from '#kernel/drafts'
import { memberRows, type MemberRow } from '#kernel/access'
import { isId } from '#platform/db'
import { iso } from './presenting.ts'
import { relatedTo } from './related.ts'
import type { Some } from './types.ts'

const shown = (draft: Draft | null) => ({ draft: draft && { text: draft.text, more: draft.more, savedAt: iso(draft.savedAt) } })

/** What one typed about a record and has not sent, from device to device; and for whoever audits, everybody's. */
export const drafts: Some<'draft' | 'keepDraft' | 'unsentDrafts' | 'formDraft' | 'keepFormDraft' | 'unsavedForms'> = {
  draft: async (ctx, { params: { object, id }, query: { kind } }) => shown(await openDraft(ctx, { object, id: id.toLowerCase(), kind })),
  keepDraft: async (ctx, { params: { object, id }, body: { kind, text, more } }) => shown(await keepDraft(ctx, { object, id: id.toLowerCase(), kind }, { text, more: more ?? null })),
  unsentDrafts: async (ctx, { params: { object, id } }) => {
    const of = { object, id: id.toLowerCase() }
    const [found, forms, people] = [await unsentDrafts(ctx, of), await unsavedAbout(ctx, of), await memberRows(ctx.tx)]
    return { forms: forms.map(formShown(people)), related: await relatedTo(ctx, valuesOf(forms)), items: found.map(({ id: no, member, kind, text, begunAt, savedAt, givenUp }) => ({ id: no, by: people.get(member)?.name ?? `#${member}`, kind, text, begunAt: iso(begunAt), savedAt: iso(savedAt), givenUp })) }
  },
  formDraft: async (ctx, { params: { object }, query }) => {
    const draft = await openForm(ctx, formOf(object, query))
    return { draft: draft && { ...draft, savedAt: iso(draft.savedAt) } }
  },
  keepFormDraft: async (ctx, { params: { object }, body: { id, about, ...form } }) => {
    await keepForm(ctx, formOf(object, { id, about }), form)
    return { kept: true }
  },
  unsavedForms: async (ctx) => {
    const [forms, people] = [await unsavedForms(ctx), await memberRows(ctx.tx)]
    return { items: forms.map(formShown(people)), related: await relatedTo(ctx, valuesOf(forms)) }
  },
}

const formOf = (object: string, { id, about }: { id?: string | undefined; about?: string | undefined }) => ({ object, id: id?.toLowerCase() ?? null, about: about?.toLowerCase() ?? null })
const formShown = (people: ReadonlyMap<number, MemberRow>) => ({ member, begunAt, savedAt, ...form }: UnsavedForm) => ({ ...form, by: people.get(member)?.name ?? `#${member}`, begunAt: iso(begunAt), savedAt: iso(savedAt) })
/** What was typed where a record is chosen may be anything. */
const valuesOf = (forms: readonly UnsavedForm[]) => forms.map(({ object, vals }) => ({ object, values: Object.fromEntries(Object.entries(vals).filter(([, value]) => isId(String((value as { id?: unknown } | null)?.id ?? value)))) }))
