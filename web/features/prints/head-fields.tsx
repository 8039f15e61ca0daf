import type { Letterhead } from '#language/definitions'
import { useRef } from 'react'
import { Button, IconButton } from '../../design/button.tsx'
import { Field, Input } from '../../design/field.tsx'
import { sayTrouble } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'
import css from './prints.module.css'

export type Head = Partial<Pick<Letterhead, 'name' | (typeof LINES)[number] | 'logo'>>
const MOST = 250_000
const LINES = ['address', 'taxNo', 'phone', 'bank'] as const
export const headOf = ({ name, address, taxNo, phone, bank, logo }: Head): Head => said({ name, address, taxNo, phone, bank, logo })
const said = (head: { [K in keyof Head]: Head[K] | undefined }): Head => Object.fromEntries(Object.entries(head).filter(([, value]) => value !== undefined))

/** Who we are on paper. `fallback`: what stands there when a line is left empty. */
export function HeadFields({ value, fallback = {}, onChange }: { value: Head; fallback?: Head; onChange: (head: Head) => void }) {
  const file = useRef<HTMLInputElement>(null)
  const put = (key: keyof Head, text: string | undefined) => onChange(said({ ...headOf(value), [key]: text || undefined }))
  const choose = (chosen: File | undefined) => {
    if (!chosen) return
    if (!/^image\/(png|jpeg)$/.test(chosen.type) || chosen.size > MOST) return sayTrouble(t('prints.logoTooLarge'))
    const reader = new FileReader()
    reader.addEventListener('load', () => put('logo', typeof reader.result === 'string' ? reader.result : undefined))
    reader.readAsDataURL(chosen)
  }
  const logo = value.logo ?? fallback.logo
  return (
    <div className={css.grid}>
      <Field label={t('prints.company')}>{(control) => <Input {...control} value={value.name ?? ''} placeholder={fallback.name ?? ''} maxLength={120} onText={(text) => put('name', text)} />}</Field>
      {LINES.map((key) => <Field key={key} label={t(`prints.${key}`)}>{(control) => <Input {...control} value={value[key] ?? ''} placeholder={fallback[key] ?? ''} maxLength={key === 'taxNo' ? 40 : key === 'phone' ? 60 : 200} onText={(text) => put(key, text)} />}</Field>)}
      <Field label={t('prints.logo')} help={t('prints.logoHelp')}>{() => <span className={css.logo}>{logo && <img src={logo} alt={t('prints.logo')} />}<Button small onClick={() => file.current?.click()}>{t('prints.chooseLogo')}</Button>{value.logo && <IconButton small icon="close" label={t('common.remove')} onClick={() => put('logo', undefined)} />}<input ref={file} type="file" hidden accept="image/png,image/jpeg" onChange={(event) => choose(event.target.files?.[0])} /></span>}</Field>
    </div>
  )
}
