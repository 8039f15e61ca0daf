/** So long after the last key. */
const PAUSE_MS = 1_200

interface Carried { flush: () => void; soon: () => void; stop: () => void; arrived: () => Promise<void> }

/**
 * After a pause, one at a time: what is typed while one is on its way goes when that has arrived, so that what was said last is what is kept.
 * `take` gives what is to be sent, or null; it is asked anew each time.
 */
function carrying<T>(take: () => T | null, send: (what: T) => Promise<void>): Carried & { leave: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let flying: Promise<void> | null = null
  let again = false
  const go = (what: T): void => {
    const mine = send(what).finally(() => {
      if (flying === mine) flying = null
      if (again) flush()
    })
    flying = mine
  }
  const flush = (): void => {
    clearTimeout(timer)
    again = flying !== null
    const what = again ? null : take()
    if (what !== null) go(what)
  }
  return {
    flush,
    soon: () => { clearTimeout(timer); timer = setTimeout(flush, PAUSE_MS) },
    stop: () => { clearTimeout(timer); again = false },
    arrived: () => flying ?? Promise.resolve(),
    // There is no later.
    leave: () => { clearTimeout(timer); const what = take(); if (what !== null) go(what) },
  }
}

/** What is typed as a whole waits for a pause before it is sent, and is not sent at all where it is what is known there already. */
export function handOf<T>(send: (now: T) => Promise<unknown>, isSame: (a: T | null, b: T | null) => boolean) {
  let known: T | null = null
  let waiting: T | null = null
  const take = (): T | null => {
    const now = waiting
    waiting = null
    if (now === null || isSame(now, known)) return null
    known = now
    return now
  }
  const carried = carrying(take, (now) => send(now).then(() => undefined, () => { known = null }))
  return {
    flush: carried.flush, leave: carried.leave,
    knows: (draft: T | null): void => { known = draft },
    write: (now: T): void => { carried.stop(); waiting = isSame(now, known) ? null : now; if (waiting !== null) carried.soon() },
    /** Kept until it is settled that nothing that is on its way comes after what is sent now. */
    sending: (): Promise<void> => { carried.stop(); waiting = null; known = null; return carried.arrived() },
    failed: (): void => { known = null },
  }
}

export interface Edited { vals: Record<string, unknown>; version: string | null }
/** Fields that say something new, and fields of which nothing is kept any more. */
export interface FieldsChange { vals: Record<string, unknown>; gone: string[]; version: string | null }

/**
 * Fields of one record that are typed on side by side: only what has changed in a field is sent, so that neither another field nor another device is
 * overwritten. A field that is being saved is left alone until the answer.
 */
export function fieldsHand(send: (change: FieldsChange) => Promise<unknown>) {
  const [known, wanted, touched, saving] = [new Map<string, unknown>(), new Map<string, unknown>(), new Set<string>(), new Set<string>()]
  let version: string | null = null
  let now: Edited = { vals: {}, version }
  const listeners = new Set<() => void>()
  const tell = (): void => { now = { vals: Object.fromEntries(wanted), version }; for (const listen of listeners) listen() }
  const differs = (key: string): boolean => !saving.has(key) && (wanted.has(key) !== known.has(key) || JSON.stringify(wanted.get(key) ?? null) !== JSON.stringify(known.get(key) ?? null))
  const take = (): FieldsChange | null => {
    const keys = [...new Set([...wanted.keys(), ...known.keys()])].filter(differs)
    return keys.length === 0 ? null : { vals: Object.fromEntries(keys.flatMap((key) => (wanted.has(key) ? [[key, wanted.get(key)]] : []))), gone: keys.filter((key) => !wanted.has(key)), version }
  }
  const keep = async (change: FieldsChange): Promise<void> => {
    try { await send(change) } catch { return }
    for (const [key, value] of Object.entries(change.vals)) known.set(key, value)
    for (const key of change.gone) known.delete(key)
  }
  const carried = carrying(take, keep)
  return {
    flush: carried.flush, leave: carried.leave,
    subscribe: (listen: () => void) => { listeners.add(listen); return () => { listeners.delete(listen) } },
    now: () => now,
    /** As it is kept; what was typed meanwhile is newer. */
    knows: (draft: Edited | null): void => {
      if (!draft) return
      for (const [key, value] of Object.entries(draft.vals)) { known.set(key, value); if (!touched.has(key)) wanted.set(key, value) }
      version = draft.version ?? version
      tell()
    },
    put: (key: string, value: unknown, seen: string): void => {
      const others = [...wanted.keys()].some((each) => each !== key)
      version = others ? (version ?? seen) : seen
      touched.add(key)
      saving.delete(key)
      wanted.set(key, value)
      tell()
      carried.soon()
    },
    /** Given up; a field that holds nothing yet stays open to what is kept of it. */
    drop: (key: string): void => { saving.delete(key); if (wanted.delete(key)) { touched.add(key); tell(); carried.flush() } },
    /** Settles when nothing that is on its way can come after what is sent now. */
    sending: (key: string): Promise<void> => { saving.add(key); return carried.arrived() },
    /** The record has it: what was kept of it went with that. */
    saved: (key: string): void => { saving.delete(key); touched.add(key); known.delete(key); if (wanted.delete(key)) tell() },
    failed: (key: string): void => { saving.delete(key) },
  }
}
