import { createContext } from 'react'

/** Names of what another system sends, while a rule that answers it is edited. */
export const Sent = createContext<readonly string[]>([])
