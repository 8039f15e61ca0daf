import { z } from 'zod'
import type { AdminRight } from '#language/definitions'
import { PATHS, type RouteName } from './paths.ts'
import { parseJson } from './json.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
/** Who may knock: anybody, any signed-in member (or API key), or members with an administrative right. */
export type Auth = 'public' | 'member' | `right:${AdminRight}`

export interface RouteShape {
  auth: Auth
  summary: { zh: string; en: string }
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  response: z.ZodType
  /** Answered on success; default 200. */
  status?: 200 | 201
  /** Reachable from the machine itself only. */
  loopback?: true
  /** Repeating it changes nothing, so it needs no Idempotency-Key record. */
  unrecorded?: true
  /** What is sent may be as large as this; absent: 1 MB. */
  mostBytes?: number
  /** A POST that only asks, because the question is long. */
  reads?: true
}
export interface Route extends RouteShape { name: RouteName; method: Method; path: string }

/** One thing the server can be asked: the address from the table of addresses, the shapes beside it. */
export function route<const N extends RouteName, const S extends RouteShape>(name: N, shape: S): S & { name: N; method: Method; path: string } {
  const [method, path] = PATHS[name].split(' ') as [Method, string]
  return { ...shape, name, method, path }
}

type Part<R, K extends 'params' | 'query' | 'body'> = R extends Record<K, z.ZodType> ? R[K] : undefined
type Input<T> = T extends z.ZodType ? z.input<T> : undefined
type Output<T> = T extends z.ZodType ? z.output<T> : undefined
type Field<K extends string, V> = V extends undefined ? { [k in K]?: undefined } : object extends V ? { [k in K]?: V } : { [k in K]: V }
/** What a caller hands over. Route by route: of all of them at once the compiler would form every combination of parts. */
export type RouteInput<R> = R extends unknown ? Field<'params', Input<Part<R, 'params'>>> & Field<'query', Input<Part<R, 'query'>>> & Field<'body', Input<Part<R, 'body'>>> : never
/** What a handler receives, parsed. */
export interface RouteParsed<R> { params: Output<Part<R, 'params'>>; query: Output<Part<R, 'query'>>; body: Output<Part<R, 'body'>> }
export type RouteAnswer<R extends { response: z.ZodType }> = z.output<R['response']>

/** A structured value inside a query string: the client writes it as JSON, the server reads it back. */
export const inQuery = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (typeof value === 'string' ? parseJson(value) : value), schema) as unknown as z.ZodType<z.output<T>, z.input<T>>
/** Lists of plain words in a query string: `a,b,c`. */
export const Words = z.preprocess((value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value), z.array(z.string().max(100)).max(200)) as unknown as z.ZodType<string[], readonly string[] | string>
export const Whole = (min: number, max: number) => z.coerce.number<string | number>().int().min(min).max(max)
export const Flag = z.preprocess((value) => (value === '1' || value === 'true' ? true : value === '0' || value === 'false' ? false : value), z.boolean()) as unknown as z.ZodType<boolean, boolean>
