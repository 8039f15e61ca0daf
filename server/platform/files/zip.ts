import { strToU8, zipSync } from 'fflate'

/** A ZIP of these, in their order; names are unique, content that is packed already is only stored. In memory: for what a person can carry. */
export const zipOf = (parts: readonly { name: string; content: string | Buffer }[]): Buffer =>
  Buffer.from(zipSync(Object.fromEntries(parts.map(({ name, content }) => [name, typeof content === 'string' ? strToU8(content) : [new Uint8Array(content), { level: 0 }]]))))
