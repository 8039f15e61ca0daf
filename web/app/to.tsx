import { createContext, use, type AnchorHTMLAttributes, type ReactNode } from 'react'
import { tenantPrefix } from './paths.ts'

export type ToProps = AnchorHTMLAttributes<HTMLAnchorElement> & { to: string }
const Way = createContext(({ to, ...rest }: ToProps): ReactNode => <a {...rest} href={tenantPrefix() + to} />)

/** Says how the shell around goes to an address; what desk and phone share does not know which of the two it stands in. */
export const ToBy = Way.Provider

/** A link to an address, with its query, as `at` writes it. */
export const To = (props: ToProps): ReactNode => use(Way)(props)

export const listWith = (list: string, filter: unknown): string => `${list}?filter=${encodeURIComponent(JSON.stringify(filter))}`
