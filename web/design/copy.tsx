import { useState } from 'react'
import { t } from '../i18n/index.ts'
import { Button } from './button.tsx'

export function CopyButton({ text, children, small = true }: { text: string; children?: string; small?: boolean }) {
  const [done, setDone] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text).catch(() => copyByHand(text))
    setDone(true)
    setTimeout(() => setDone(false), 2000)
  }
  return <Button small={small} icon={done ? 'check' : 'copy'} onClick={() => void copy()}>{done ? t('common.copied') : (children ?? t('common.copy'))}</Button>
}

/** Pages on plain http have no clipboard of their own. */
function copyByHand(text: string): void {
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}
