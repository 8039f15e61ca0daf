import type { FileShape } from '#contract/api'
import { useRef, useState } from 'react'
import { sentenceOf } from '../../design/pieces.tsx'
import { send } from './upload.ts'

export interface Uploading { key: number; name: string; part: number; error: string | null; stop: () => void }

/** Files on their way. `take` sends them side by side and answers those that arrived, in their order. */
export function useUploads() {
  const [uploads, setUploads] = useState<readonly Uploading[]>([])
  const next = useRef(1)
  const change = (key: number, part: Partial<Uploading>) => setUploads((all) => all.map((each) => (each.key === key ? { ...each, ...part } : each)))
  const drop = (key: number) => setUploads((all) => all.filter((each) => each.key !== key))
  const one = async (file: File): Promise<FileShape | null> => {
    const key = next.current++
    const sending = send(file, (part) => change(key, { part }))
    setUploads((all) => [...all, { key, name: file.name, part: 0, error: null, stop: sending.stop }])
    try {
      const done = await sending.done
      drop(key)
      return done
    } catch (error) {
      if (error instanceof DOMException) drop(key)
      else change(key, { error: sentenceOf(error) })
      return null
    }
  }
  const take = async (files: readonly File[]): Promise<FileShape[]> => (await Promise.all(files.map(one))).filter((file) => file !== null)
  return { uploads, take, drop }
}
