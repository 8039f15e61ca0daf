import type { Readable } from 'node:stream'

export type Scan = 'unscanned' | 'clean' | 'infected'
export interface StoredFile { id: string; sha256: Buffer; name: string; type: string; bytes: number; uploadedBy: number; uploadedAt: Date; scan: Scan }
/** A file where it stands: in a field of a record. */
export interface PlacedFile extends StoredFile { field: string }
export interface FilePlace { object: string; id: string; field: string; file: string }

/** Looks into content. Rejects when it cannot be asked. */
export type Scanner = (content: Readable) => Promise<{ clean: true } | { clean: false; virus: string }>
