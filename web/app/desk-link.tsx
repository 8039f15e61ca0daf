import { Link } from '@tanstack/react-router'
import type { ToProps } from './to.tsx'

/** An address with its query, for a router that keeps the two apart. */
export function deskLink({ to, ...rest }: ToProps) {
  const [path = '/', query = ''] = to.split('?')
  return <Link to={path} search={Object.fromEntries([...new URLSearchParams(query)].map(([key, value]) => [key, parsed(value)])) as never} {...rest} />
}

function parsed(text: string): unknown {
  try { return JSON.parse(text) as unknown } catch { return text }
}
