export interface RefusedRow { id: string; title: string; message: string }
export interface Outcome { changed: number; refused: readonly RefusedRow[]; undo: string | null }
/** What became of many rows, carried out part by part. */
export interface Whole { changed: number; refused: RefusedRow[]; undos: string[]; cancelled: boolean }

const CHUNK = 500

/** Many rows in parts that each are one act; after every part it is told how far it is and asked whether to go on. */
export async function inChunks(ids: readonly string[], work: (ids: string[]) => Promise<Outcome>, onward: (done: number) => boolean = () => true): Promise<Whole> {
  const whole: Whole = { changed: 0, refused: [], undos: [], cancelled: false }
  for (let from = 0; from < ids.length && !whole.cancelled; from += CHUNK) {
    const part = await work(ids.slice(from, from + CHUNK))
    whole.changed += part.changed
    whole.refused.push(...part.refused)
    if (part.undo) whole.undos.push(part.undo)
    whole.cancelled = !onward(Math.min(ids.length, from + CHUNK)) && from + CHUNK < ids.length
  }
  return whole
}
