import { formatMoney, formatRegion } from '#language/values'
import type { Solution } from '#language/definitions'
import type { Company } from '../../solutions/company.ts'
import { Agenda } from './agenda.ts'
import type { Due } from './contracts.ts'
import type { Party } from './customers.ts'
import type { Deal } from './deals.ts'
import { PastDesk } from './desk.ts'
import { Chronicle, idAt, type Who } from './history.ts'
import { Population, type Firm, type Interest, type Person } from './profile.ts'
import { Random } from './random.ts'
import type { Source } from './sources.ts'
import { DAY, dayStart } from './working-time.ts'

export type Grade = 'red' | 'yellow' | 'green'
export interface Seen { at: number; kind: string; page: string | null; material: string | null; seconds: number | null; /** Of a call. */ caller?: string; /** What a message says, or which way a call took. */ content?: string }

/** What the last follow-up agreed; the final touches may still move it. */
export interface Agreed { activity: Record<string, unknown>; task: Record<string, unknown> }

export interface Lead {
  id: string
  at: number
  person: Person
  firm: Firm
  interest: Interest
  source: Source
  fate: 'invalid' | 'pool' | 'converted' | 'long'
  /** Results of the follow-ups to come. */
  plan: string[]
  reason: string
  status: string
  owner: string | null
  tags: Set<string>
  grade: Grade | null
  budget: readonly [number, number] | null
  /** When the budget became known. */
  budgetSince: number
  seen: Seen[]
  visitor: string
  task: { id: string; due: number; kept: Record<string, unknown>; escalated: boolean } | null
  touched: boolean
  lastAt: number | null
  nextAt: number | null
  agreed: Agreed | null
  /** Raised whenever the next follow-up is planned anew: older plans lapse. */
  turn: number
}

export const OPEN = ['unassigned', 'waiting', 'called', 'confirmed', 'demo_booked']
export const isOpen = ({ status }: Lead): boolean => OPEN.includes(status)

export interface Settings { seed: number; now: Date; leads: number; days: number; company: Company; solution: Solution }

/** The sample company's past as it unfolds. */
export class World {
  readonly random: Random
  readonly company: Company
  readonly solution: Solution
  readonly chronicle = new Chronicle()
  readonly agenda = new Agenda()
  readonly desk: PastDesk
  readonly population: Population
  readonly now: number
  readonly today: number
  readonly from: number
  /** When the company began to write things down: long before these days. */
  readonly dawn: number
  readonly leadCount: number
  readonly leads: Lead[] = []
  readonly deals: Deal[] = []
  readonly parties: Party[] = []
  readonly dues: Due[] = []
  /** How many payments finance has written down. */
  paid = 0
  readonly sales: readonly string[]
  /** Records that are there from the first day, by a name of their own. */
  readonly known = new Map<string, string>()
  readonly #labels: Map<string, Map<string, string>>

  constructor({ seed, now, leads, days, company, solution }: Settings) {
    this.random = new Random(seed)
    this.company = company
    this.solution = solution
    this.now = now.getTime()
    this.today = dayStart(this.now)
    this.from = this.today - days * DAY
    this.dawn = this.today - 345 * DAY
    this.leadCount = leads
    this.desk = new PastDesk(solution, company)
    this.population = new Population(this.random, company.members.map(({ phone }) => phone))
    this.sales = company.members.filter(({ roles }) => roles.includes('sales')).map(({ key }) => key)
    this.#labels = new Map(solution.dictionary.map(({ key, options }) => [key, new Map(options.map((option) => [option.key, option.label.zh]))]))
  }

  id = (at: number): string => idAt(at, this.random)
  word = (dictionary: string, option: string): string => this.#labels.get(dictionary)?.get(option) ?? option
  member = (key: string): Company['members'][number] => this.company.members.find((each) => each.key === key)!
  supervisorOf = (key: string): string => this.member(key).supervisor ?? key

  /** Where a person sits: members in the office, everybody else somewhere in the documentation networks. */
  ip(who: Who): string | undefined {
    if ('member' in who) return `10.8.${this.company.members.findIndex(({ key }) => key === who.member) + 1}.23`
    return 'form' in who ? `203.0.113.${this.random.int(2, 250)}` : undefined
  }

  /** 「汽车零部件 MES系统 80 万 江苏苏州」, as the rules' messages show it. */
  facts({ firm, interest, budget }: Lead): string {
    return [this.word('industry', firm.industry), this.word('need_type', interest.need), budget ? formatMoney(String(budget[0])) : '', formatRegion(firm.city)].filter(Boolean).join(' ')
  }
}
