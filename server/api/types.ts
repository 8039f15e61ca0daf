import type { FastifyReply, FastifyRequest } from 'fastify'
import type { EnterpriseDoor } from '#channels/oidc'
import type { Route, RouteAnswer, RouteName, RouteParsed, Routes } from '#contract/api'
import type { Context, RequestFacts } from '#kernel/access'
import type { Scanner } from '#kernel/files'
import type { IntakePorts } from '#kernel/intake'
import type { SignedIn } from '#kernel/members'
import type { OpenDatabase, Tenant } from '#platform/db'
import type { FileStore } from '#platform/files'
import type { Facts } from '#platform/recovery'
import type { Log } from '#platform/telemetry'
import type { Hub } from './live/index.ts'

export interface Mail { to: string; subject: string; text: string }
/** What the edge needs of the house around it; handed in by the composition root. */
export interface Api {
  db: OpenDatabase
  log: Log
  settings: {
    version: string
    startedAt: Date
    embedded: boolean
    /** The clock of demo and test tenants may be moved. */
    testClock: boolean
    /** Role cards for demo tenants. */
    demo: boolean
    /** Origin under which people reach us, when the operator has said so. */
    publicUrl: string | null
    /** Where we listen. */
    ownUrl: string
    /** Where a phone in the same network finds us; null: we listen to this machine only. */
    lanUrl: string | null
    /** Check every answer against its declared shape: tests. */
    checkAnswers: boolean
  }
  /** Null: no mail provider is connected. */
  mail: ((tenant: Tenant, mail: Mail) => Promise<void>) | null
  solutions: {
    list(): { key: string; label: { zh: string; en: string }; sample: boolean }[]
    /** Install definitions (and sample data) into an empty tenant. */
    install(tenant: Tenant, key: string): Promise<void>
    /** Does a solution of this installation bring this file, which a form may offer? */
    brings(file: string): boolean
  }
  /** Fill the demo tenant anew; the tenant may come back under another number. */
  resetDemo: ((tenant: Tenant) => Promise<void>) | null
  /** When the newest whole backup of a tenant was made; null: this installation makes none itself. */
  backedUp: ((tenant: Tenant) => Date | null) | null
  /** Whole backups of a tenant, newest first, and one more made now; null: this installation makes none itself. */
  backups: { list(tenant: Tenant): { at: Date; rows: number; bytes: number }[]; making(tenant: Tenant): boolean; make(tenant: Tenant): void; /** Copies of the whole database and its log; null: the log is not kept here. */ whole(): Promise<Facts | null> } | null
  /** Where contents lie, and who looks into them; null: no scanner is connected. */
  files: { store: FileStore; scanner: Scanner | null }
  live: Hub
  /** The way to the company's own sign-in and back. */
  enterprise: EnterpriseDoor
  /** What a submission needs that is carried through intake again, and where an address lies. */
  intake: IntakePorts & { regionOfIp(ip: string | null): Promise<string | null> }
  /** The clock was moved, or a tenant was filled: whoever waits for instants looks again. */
  wake(): void
  /** Tenants that are being filled anew: others wait. */
  closed: Set<string>
}

/** One knock at the door: whose tenant, who, from where. */
export interface Call {
  api: Api
  tenant: Tenant
  /** Null only on public routes. */
  signedIn: SignedIn | null
  /** Through whose eyes is looked; null: one's own. */
  viewing: number | null
  facts: RequestFacts & { ip: string }
  request: FastifyRequest
  reply: FastifyReply
}

type OfRoute<N extends RouteName> = Routes[N]
/** Works inside one transaction: reading for GET, writing otherwise, with the Idempotency-Key honoured. */
export type Handler<N extends RouteName> = (ctx: Context, input: RouteParsed<OfRoute<N>>, call: Call) => Promise<RouteAnswer<OfRoute<N>>>
/** Opens its own transactions: signing in, streams, whatever must not hold one while it waits. */
export interface Open<N extends RouteName> { open(call: Call, input: RouteParsed<OfRoute<N>>): Promise<RouteAnswer<OfRoute<N>>> }
export type Handlers = { [N in RouteName]: Handler<N> | Open<N> }
/** The part of all handlers that one file brings. */
export type Some<N extends RouteName> = { [K in N]: Handler<K> | Open<K> }
export type AnyRoute = Route
