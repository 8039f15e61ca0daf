import type { AdminRight, Capability } from '#language/definitions'

export type LinkKind = 'setup' | 'invite' | 'reset'
export const SCOPES = ['read', 'write', 'admin'] as const
export type KeyScope = (typeof SCOPES)[number]

/** A member as those who manage members see one. */
export interface Member {
  id: number
  name: string
  email: string | null
  phone: string | null
  job: string | null
  roles: string[]
  /** Main team. */
  team: number | null
  /** Further teams, without the main one. */
  teams: number[]
  supervisor: number | null
  capability: Capability
  state: 'active' | 'suspended'
  mustChange: boolean
  /** They sign in with a second factor. */
  twoFactor: boolean
  /** No password yet: an invitation is open or has to be sent. */
  invited: boolean
  load: { kind: string; open: number; limit: number }[]
  lastSeenAt: Date | null
  createdAt: Date
}

export interface MemberDraft {
  name: string
  email?: string | null | undefined
  phone?: string | null | undefined
  job?: string | null | undefined
  roles: readonly string[]
  team?: number | null | undefined
  teams?: readonly number[] | undefined
  supervisor?: number | null | undefined
  capability?: Capability | undefined
}
export type MemberPatch = { [K in keyof MemberDraft]?: MemberDraft[K] | undefined } & { state?: 'active' | 'suspended' | undefined }

export interface Team { id: number; name: string; parent: number | null; head: number | null }

/** Who a session or an API key stands for, as known at most a second ago. */
export interface SignedIn {
  member: number
  mustChange: boolean
  /** A role of theirs asks for a second factor, and there is none yet. */
  mustEnroll: boolean
  /** Null for API keys. */
  session: string | null
  scopes: readonly KeyScope[] | null
}

export interface Profile {
  id: number
  name: string
  email: string | null
  phone: string | null
  job: string | null
  team: number | null
  teams: number[]
  teamTree: readonly number[]
  supervisor: number | null
  roles: { key: string; label: { zh: string; en: string } }[]
  rights: AdminRight[]
  home: 'workbench' | 'team' | 'tasks' | 'panorama'
  mustChange: boolean
  mustEnroll: boolean
  /** False for those who come by the company's account alone. */
  hasPassword: boolean
}
