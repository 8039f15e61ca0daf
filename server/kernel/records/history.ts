import type { Context } from '#kernel/access'
import type { TimelineItem } from './types.ts'

export interface TimelineQuery { limit: number; cursor?: string | undefined }

/** A record's own changes and the children shown on its timeline, newest first, each through its own object's lens. Refused NOT_FOUND. */
export function timelineOf(_ctx: Context, _object: string, _id: string, _query: TimelineQuery): Promise<{ items: TimelineItem[]; next: string | null }> { throw new Error('not written yet') }

/** The audit of one record: its changes only, fields filtered by today's lens. Refused NOT_FOUND. */
export function changesView(_ctx: Context, _object: string, _id: string, _query: TimelineQuery): Promise<{ items: TimelineItem[]; next: string | null }> { throw new Error('not written yet') }
