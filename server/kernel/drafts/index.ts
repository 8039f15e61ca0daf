export { DRAFT_DAYS, DRAFT_KINDS, type Draft, type DraftKind, dropDraft, giveUpDraft, keepDraft, openDraft, sweepDrafts, type UnsentDraft, unsentDrafts } from './drafts.ts'
export { dropForm, type FormDraft, giveUpForm, keepForm, openForm, type UnsavedForm, unsavedAbout, unsavedForms } from './forms.ts'
