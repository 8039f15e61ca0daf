export type Theme = 'system' | 'light' | 'dark'
const KEPT = 'nextmove.theme'
const listeners = new Set<() => void>()

/** Private windows may refuse storage: the choice then lasts for the page. */
export function remembered(key: string): string | null {
  try { return localStorage.getItem(key) } catch { return null }
}
export function remember(key: string, value: string): void {
  try { localStorage.setItem(key, value) } catch { /* nothing to keep it in */ }
}

const kept = remembered(KEPT)
let chosen: Theme = kept === 'light' || kept === 'dark' ? kept : 'system'
export const theme = (): Theme => chosen

/** Writes the choice on the root element, where tokens.css looks for it. */
export function applyTheme(): void {
  if (chosen === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = chosen
}

export function setTheme(next: Theme): void {
  chosen = next
  remember(KEPT, next)
  applyTheme()
  for (const listener of listeners) listener()
}

export const onTheme = (listener: () => void) => { listeners.add(listener); return () => { listeners.delete(listener) } }
