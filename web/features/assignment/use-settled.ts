import { useEffect, useState } from 'react'

/** What a value comes to rest at: while it is being moved, nobody is asked about every step. */
export function useSettled<V>(value: V, ms: number): V {
  const text = JSON.stringify(value)
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), ms)
    return () => clearTimeout(timer)
  }, [text, ms])
  return JSON.parse(settled) as V
}
