import { useState, type ReactNode } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { label, t } from '../../i18n/index.ts'

/** Putting tags on and taking them off. One that decides permissions is asked about first: it changes who sees and who may do what. */
export function useTagging(onPut: (tag: string, on: boolean) => void): { put: (tag: string, on: boolean) => void; asking: ReactNode } {
  const catalogue = useCatalogue()
  const [asked, setAsked] = useState<{ tag: string; on: boolean } | null>(null)
  const put = (tag: string, on: boolean) => (catalogue.tag(tag)?.policy ? setAsked({ tag, on }) : onPut(tag, on))
  if (!asked) return { put, asking: null }
  const name = label(catalogue.tag(asked.tag)?.label) || asked.tag
  const close = () => setAsked(null)
  const foot = <><Button onClick={close}>{t('common.cancel')}</Button><Button look="primary" onClick={() => { close(); onPut(asked.tag, asked.on) }}>{t(asked.on ? 'records.addTag' : 'records.removeTag')}</Button></>
  return { put, asking: <Dialog width={440} title={t(asked.on ? 'records.policyTagOn' : 'records.policyTagOff', { name })} onClose={close} foot={foot}><p>{t('records.policyTagHelp')}</p></Dialog> }
}
