import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { ApiError, call } from '../../api/client.ts'
import { Button } from '../../design/button.tsx'
import { CopyButton } from '../../design/copy.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Check, Choice, Field, Input } from '../../design/field.tsx'
import { Failure, sentenceOf } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { teamOptions } from '../records/choices.tsx'
import type { Provider } from './company-sign-in-page.tsx'
import css from './company-sign-in.module.css'

const newKey = (): string => crypto.getRandomValues(new Uint32Array(2)).reduce((text, each) => text + each.toString(36), 'c').slice(0, 10)
const domainsIn = (text: string): string[] => text.split(/[\s,，、;；]+/).map((each) => each.replace(/^@/, '')).filter(Boolean)

/** What the provider must know of us, and what we must know of it. */
export function ProviderForm({ provider, back, leave, onClose }: { provider: Provider | null; back: string; leave: string; onClose: () => void }) {
  const catalogue = useCatalogue()
  const [key] = useState(() => provider?.key ?? newKey())
  const [draft, setDraft] = useState(() => ({ name: provider?.name ?? '', issuer: provider?.issuer ?? '', clientId: provider?.clientId ?? '', secret: '', domains: provider?.domains.join(t('common.listGap')) ?? '', admits: provider?.admits ?? 'matched', role: provider?.role ?? null, team: provider?.team ?? null, ends: provider?.ends ?? false, active: provider?.active ?? true }))
  const put = (next: Partial<typeof draft>) => setDraft({ ...draft, ...next })
  const created = draft.admits === 'created'
  const save = useMutation({
    mutationFn: () => { const { secret, domains, ...rest } = draft; return call('putSignInProvider', { params: { key }, body: { ...rest, domains: domainsIn(domains), ...(secret && { secret }) } }) },
    onSuccess: ({ name }) => { say(t(provider ? 'common.saved' : 'companySignIn.connected', { name })); onClose() },
  })
  const refusedAt = save.error instanceof ApiError ? save.error.path?.split('.').at(-1) : undefined
  const problem = (field: string) => (refusedAt === field ? sentenceOf(save.error) : null)
  const told = ['issuer', 'domains', 'role', 'team'].includes(refusedAt ?? '')
  const ready = draft.name.trim() && draft.issuer.trim() && draft.clientId.trim() && (provider || draft.secret) && (!created || (draft.role && draft.domains.trim()))
  const address = back.replace('{key}', key)
  return (
    <Dialog look="sheet" width={560} title={provider ? provider.name : t('companySignIn.connect')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={save.isPending} disabled={!ready} onClick={() => save.mutate()}>{t(provider ? 'common.save' : 'companySignIn.connectAct')}</Button></>}>
      {save.error && !told && <Failure small error={save.error} />}
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); if (ready) save.mutate() }}>
        <Field label={t('companySignIn.back')} help={t('companySignIn.backHelp')}>{(control) => <div className={css.back} id={control.id}><code>{address}</code><CopyButton text={address} /></div>}</Field>
        <Field label={t('companySignIn.leave')} help={t('companySignIn.leaveHelp')}>{(control) => <div className={css.back} id={control.id}><code>{leave.replace('{key}', key)}</code><CopyButton text={leave.replace('{key}', key)} /></div>}</Field>
        <Field label={t('companySignIn.name')} required help={t('companySignIn.nameHelp')}>{(control) => <Input {...control} data-autofocus value={draft.name} maxLength={40} onText={(name) => put({ name })} />}</Field>
        <Field label={t('companySignIn.issuer')} required help={t('companySignIn.issuerHelp')} error={problem('issuer')}>{(control) => <Input {...control} type="url" inputMode="url" spellCheck={false} value={draft.issuer} placeholder="https://" onText={(issuer) => put({ issuer })} />}</Field>
        <div className={css.two}>
          <Field label={t('companySignIn.clientId')} required>{(control) => <Input {...control} spellCheck={false} value={draft.clientId} maxLength={300} onText={(clientId) => put({ clientId })} />}</Field>
          <Field label={t('companySignIn.secret')} required={!provider} help={provider?.secret ? t('companySignIn.secretKept') : undefined}>{(control) => <Input {...control} type="password" autoComplete="new-password" value={draft.secret} maxLength={500} onText={(secret) => put({ secret })} />}</Field>
        </div>
        <Field label={t('companySignIn.domains')} required={created} help={t('companySignIn.domainsHelp')} error={problem('domains')}>{(control) => <Input {...control} spellCheck={false} value={draft.domains} placeholder="example.com" onText={(domains) => put({ domains })} />}</Field>
        <Field label={t('companySignIn.admits')} help={t(created ? 'companySignIn.createdHelp' : 'companySignIn.matchedHelp')}>{() => <Choice label={t('companySignIn.admits')} value={draft.admits} options={[{ value: 'matched', label: t('companySignIn.matched') }, { value: 'created', label: t('companySignIn.created') }]} onChoose={(admits) => put({ admits })} />}</Field>
        {created && (
          <div className={css.two}>
            <Field label={t('companySignIn.role')} required error={problem('role')}>{(control) => <Picker {...control} label={t('companySignIn.role')} value={draft.role} options={catalogue.roles.map((role) => ({ value: role.key, label: label(role.label) }))} onPick={(role) => put({ role })} />}</Field>
            <Field label={t('companySignIn.team')} error={problem('team')}>{(control) => <Picker {...control} clearable label={t('companySignIn.team')} value={draft.team ? String(draft.team) : null} options={teamOptions(catalogue)} onPick={(id) => put({ team: id ? Number(id) : null })} />}</Field>
          </div>
        )}
        <div className={css.checks}>
          <Check checked={draft.active} onCheck={(active) => put({ active })}>{t('companySignIn.active')}</Check>
          <Check checked={draft.ends} onCheck={(ends) => put({ ends })}>{t('companySignIn.ends')}</Check>
        </div>
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}
