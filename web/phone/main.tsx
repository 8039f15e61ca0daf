import { QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { queries, speak } from '../api/client.ts'
import { definitionsQuery } from '../api/catalogue.ts'
import { meQuery, readClock } from '../api/session.ts'
import { restoreLang, teach } from '../i18n/index.ts'
import { light } from '../i18n/zh/light.ts'
import { App } from './frame/app.tsx'
import { isDrawnHere, showDesktop } from './frame/desktop.ts'
import { startRouter } from './frame/router.tsx'
import { loadWords } from './words/index.ts'
import './frame/phone.css'

/** Configuration, rules and set-up belong to the desk: their addresses open the desktop, which folds itself as well as it can. */
if (isDrawnHere()) await start()
else await showDesktop()

async function start(): Promise<void> {
  // Keyboards push a sheet up instead of covering it.
  document.querySelector('meta[name=viewport]')?.setAttribute('content', 'width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content')
  document.documentElement.dataset['phone'] = ''
  teach(light)
  await restoreLang()
  await loadWords()
  speak()
  startRouter()
  void queries.prefetchQuery(meQuery)
  void queries.prefetchQuery(definitionsQuery)
  readClock().catch(() => undefined)
  createRoot(document.getElementById('root')!).render(<QueryClientProvider client={queries}><App /></QueryClientProvider>)
}
