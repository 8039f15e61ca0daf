import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queries, speak } from './api/client.ts'
import { readClock } from './api/session.ts'
import { router } from './app/router.tsx'
import { Toasts } from './design/toast.tsx'
import { restoreLang, teach, useLang } from './i18n/index.ts'
import { zh } from './i18n/zh/index.ts'

/** Everything is drawn anew when the language changes: words are read at render. */
function App() {
  const lang = useLang()
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider key={lang} router={router} />
      <Toasts />
    </QueryClientProvider>
  )
}

teach(zh)
await restoreLang()
speak()
readClock().catch(() => undefined)
createRoot(document.getElementById('root')!).render(<StrictMode><App /></StrictMode>)
