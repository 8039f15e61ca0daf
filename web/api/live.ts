import { useEffect, useEffectEvent } from 'react'
import type { Subscription } from '#contract/api'
import { watch } from '#contract/client'

/** What each open screen watches; one stream carries them all, opened anew when the set changes. */
const wanted = new Map<string, { subscription: Subscription; listeners: Set<() => void> }>()
let stop: (() => void) | null = null
let open = ''
let settling: ReturnType<typeof setTimeout> | undefined
const MOST = 20

function settle(): void {
  clearTimeout(settling)
  settling = setTimeout(() => {
    const subscriptions = [...wanted.values()].slice(-MOST).map(({ subscription }) => subscription)
    const next = JSON.stringify(subscriptions)
    if (next === open) return
    stop?.()
    open = next
    stop = subscriptions.length ? watch(subscriptions, (key) => wanted.get(key)?.listeners.forEach((listener) => listener())) : null
  }, 60)
}

type Unkeyed = Subscription extends infer S ? (S extends Subscription ? Omit<S, 'key'> : never) : never

function listen(subscription: Unkeyed, listener: () => void): () => void {
  const key = hash(JSON.stringify(subscription))
  const entry = wanted.get(key) ?? { subscription: { ...subscription, key } as Subscription, listeners: new Set() }
  entry.listeners.add(listener)
  wanted.set(key, entry)
  settle()
  return () => {
    entry.listeners.delete(listener)
    if (entry.listeners.size === 0) wanted.delete(key)
    settle()
  }
}

/** Calls back when what is watched has visibly changed for this member. Null watches nothing. */
export function useLive(subscription: Unkeyed | null, onChanged: () => void): void {
  const changed = useEffectEvent(onChanged)
  const text = subscription && JSON.stringify(subscription)
  useEffect(() => (text ? listen(JSON.parse(text) as Unkeyed, () => changed()) : undefined), [text])
}

/** A short name for a subscription; equal ones share one. */
function hash(text: string): string {
  let h = 5381
  for (let i = 0; i < text.length; i++) h = ((h * 33) ^ text.charCodeAt(i)) >>> 0
  return `${h.toString(36)}-${text.length.toString(36)}`
}
