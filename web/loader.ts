import './design/tokens.css'
import './design/base.css'
import { applyTheme } from './design/theme.ts'

/** Phones get their own light entry; a wide screen gets the desktop. Decided once per load, so turning a phone does not swap the product under the thumb. */
const PHONE = '(max-width: 640px)'
const phone = import.meta.glob<unknown>('./phone/main.tsx')['./phone/main.tsx']

applyTheme()
if (phone && matchMedia(PHONE).matches) void phone()
else void import('./main.tsx')
