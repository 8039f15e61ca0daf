import type { BoundValue, Operator } from './ast.ts'
import { counted, toMicros } from '../values/instant.ts'
import { formatDuration, isMonths, parseDuration } from '../values/duration.ts'
import { formatMoney, group as grouped } from '../values/money.ts'
import { formatPhone } from '../values/phone-format.ts'
import { formatRegion } from '../values/region.ts'
import type { Lang } from '../values/result.ts'
import { DEFAULT_ZONE, wallClock } from '../values/zone.ts'
import { familyOf, isTime } from './kinds.ts'
import type { AggregateNode, Checked, CheckedLeaf, CheckedNode, CheckedRelation, FieldRef, Group, LatestNode, ParentNode, RecentNode, TrendNode, Window } from './tree.ts'
import { COMPARE_SIGNS, fill, OPERATOR_WORDS, PHRASES, TAG_WORDS, TIME_WORDS, type Phrase } from './words.ts'

/** What things are called in the language asked for; what has no name shows its key. */
export interface SentenceNames {
  field?(object: string, key: string): string | undefined
  object?(key: string): string | undefined
  option?(dictionary: string, key: string): string | undefined
  tag?(key: string): string | undefined
  member?(id: number): string | undefined
  team?(id: number): string | undefined
  /** `uuid`, or `object:uuid`. */
  record?(id: string): string | undefined
  /** For instants; the default zone when absent. */
  zone?: string
}

/** 「页面 URL 包含 /pricing 且 预算下限 ≥ 50 万」: the whole condition as one sentence without a full stop. Total: it never throws on a checked condition. */
export const toSentence = (checked: Checked, lang: Lang, names: SentenceNames): string => new Sentence(lang, names).of(checked.root)

class Sentence {
  private readonly lang: Lang
  private readonly names: SentenceNames

  constructor(lang: Lang, names: SentenceNames) {
    this.lang = lang
    this.names = names
  }

  of(node: CheckedNode): string {
    switch (node.is) {
      case 'all': return node.parts.length === 0 ? this.say('always') : node.parts.map((part) => this.inGroup(part, 'all')).join(this.say('and'))
      case 'any': return node.parts.length === 0 ? this.say('never') : node.parts.map((part) => this.inGroup(part, 'any')).join(this.say('or'))
      case 'not': return this.negated(node.part)
      case 'leaf': return this.leaf(node)
      case 'parent': return this.parent(node)
      case 'some': case 'none': return this.say(node.is, this.children(node))
      case 'changed': return this.say('changed', this.fieldName(node.field))
      case 'changedTo': return this.say('changedTo', this.fieldName(node.leaf.field), this.value(node.leaf))
      default: return this.aggregate(node)
    }
  }

  private inGroup(part: CheckedNode, within: 'all' | 'any'): string {
    const mixed = (part.is === 'all' || part.is === 'any') && part.is !== within && part.parts.length > 1
    return mixed ? this.say('group', this.of(part)) : this.of(part)
  }

  /** `not has` is what people mean by 「没有标签」: records without any tag count. */
  private negated(part: CheckedNode): string {
    if (part.is !== 'leaf' || part.op !== 'has') return this.say('not', this.of(part))
    return part.field.kind === 'tags' ? this.say('hasNoTag', this.value(part)) : this.say('leaf', this.fieldName(part.field), this.say('hasNo', this.value(part)))
  }

  private leaf(leaf: CheckedLeaf): string {
    const value = this.value(leaf)
    if (leaf.field.kind === 'tags') return fill(TAG_WORDS[this.lang][leaf.op]!, value)
    const words = (isTime(familyOf(leaf.field)) ? TIME_WORDS[this.lang][leaf.op] : undefined) ?? OPERATOR_WORDS[this.lang][leaf.op]
    return this.say('leaf', this.fieldName(leaf.field), fill(words, value))
  }

  private parent({ field, where }: ParentNode<CheckedLeaf>): string {
    const simple = where.is === 'leaf' && where.field.kind !== 'tags'
    return this.say(simple ? 'parent' : 'parentGroup', this.fieldName(field), this.of(where))
  }

  private children({ relation, where }: { relation: CheckedRelation; where: CheckedNode }): string {
    const name = this.names.object?.(relation.object) ?? relation.object
    const all = where.is === 'all' && where.parts.length === 0
    return all ? name : this.say('where', name, this.of(where))
  }

  private aggregate(node: Exclude<AggregateNode<CheckedLeaf>, { is: 'some' | 'none' }>): string {
    if (node.is === 'latest') return this.latest(node)
    if (node.is === 'recent') return this.recent(node)
    if (node.is === 'trend') return this.trend(node)
    const children = this.windowed(node.window, this.children(node))
    if (node.is === 'count') return this.say('count', children, COMPARE_SIGNS[node.op], String(node.value))
    return this.say('sum', children, this.fieldName(node.of), COMPARE_SIGNS[node.op], this.one(node.value, node.of))
  }

  private windowed(window: Window | null, children: string): string {
    if (window === null) return children
    const length = formatDuration(window.within, this.lang)
    return window.at.key === 'created_at' ? this.say('within', length, children) : this.say('along', this.fieldName(window.at), length, children)
  }

  private latest(node: LatestNode<CheckedLeaf>): string {
    const leaf = this.of(node.leaf)
    return node.at.key === 'created_at' ? this.say('latest', this.children(node), leaf) : this.say('latestAlong', this.fieldName(node.at), this.children(node), leaf)
  }

  private recent({ relation, where, at, last, that }: RecentNode<CheckedLeaf>): string {
    const children = this.children({ relation, where })
    return at.key === 'created_at' ? this.say('recent', String(last), children, this.of(that)) : this.say('recentAlong', this.fieldName(at), String(last), children, this.of(that))
  }

  /** The stretch as a whole stands in `where`, before what people asked of the children. */
  private trend({ relation, where, at, of, per, periods, move, percent }: TrendNode<CheckedLeaf>): string {
    const asked = (where as Group<CheckedLeaf>).parts[1]!
    const children = this.children({ relation, where: asked })
    const along = at.key === 'created_at' ? children : this.say('by', this.fieldName(at), children)
    const what = of ? this.say('total', along, this.fieldName(of)) : this.say('number', along)
    return this.say(move, what, this.spans(per, periods), this.say(per === '1mo' ? 'monthBefore' : 'before'), `${percent}%`)
  }

  private spans(per: string, periods: number): string {
    if (!isMonths(per)) return this.say(periods === 1 ? 'oneSpan' : 'spans', formatDuration(per, this.lang), String(periods))
    const { amount } = parseDuration(per)!
    if (periods > 1 && amount > 1) return this.say('monthSpans', this.months(amount), String(periods))
    return this.say(periods === 1 ? 'lastMonths' : 'months', this.months(amount * periods))
  }

  private months(amount: number): string {
    return counted(amount, this.lang, '个自然月', 'calendar month', 'calendar months')
  }

  private fieldName({ object, key }: FieldRef): string {
    return this.names.field?.(object, key) ?? key
  }

  private value({ field, op, value }: CheckedLeaf): string {
    if (value === null) return ''
    const [shown, joint] = [[value].flat().map((each) => this.operand(each as Shown, field, op)), op === 'between' || op === 'notBetween' ? 'pair' : 'list'] as const
    return shown.join(this.say(joint))
  }

  private operand(value: Shown, field: FieldRef, op: Operator): string {
    if (typeof value === 'object') return this.moment(value)
    return isTime(familyOf(field)) && /^\d+[a-z]+$/.test(String(value)) && !ORDERED.has(op) ? formatDuration(String(value), this.lang) : this.one(value, field)
  }

  private moment(value: BoundValue): string {
    if ('me' in value) return this.say('me')
    if ('myTeams' in value) return this.say('myTeams')
    const { plus, minus } = value as { plus?: string; minus?: string }
    const away = [plus && this.say('later', formatDuration(plus, this.lang)), minus && this.say('earlier', formatDuration(minus, this.lang))].filter(Boolean)
    return [this.say('now' in value ? 'now' : 'today'), ...away].join(' ')
  }

  /** One literal as people write it. */
  private one(value: string | number | boolean, field: FieldRef): string {
    const text = String(value)
    switch (familyOf(field)) {
      case 'decimal': return field.kind === 'money' ? formatMoney(text, this.lang, 'exact') : `${grouped(text)}${field.kind === 'percent' ? '%' : ''}`
      case 'number': return grouped(text)
      case 'boolean': return this.say(value === true ? 'yes' : 'no')
      case 'instant': return text.length === 10 ? text : this.instant(text)
      case 'option': case 'options': return this.names.option?.(field.dictionary ?? '', text) ?? text
      case 'tags': return this.say('tag', this.names.tag?.(text) ?? text)
      case 'region': return formatRegion(text, this.lang)
      case 'phone': return formatPhone(text)
      case 'member': case 'members': return this.names.member?.(Number(text)) ?? text
      case 'team': return this.names.team?.(Number(text)) ?? text
      case 'record': return this.names.record?.(text) ?? text
      case 'anyRecord': return this.names.record?.(text) ?? this.names.object?.(text) ?? text
      default: return text
    }
  }

  private instant(text: string): string {
    const wall = new Date(wallClock(toMicros(text) / 1000, this.names.zone ?? DEFAULT_ZONE)).toISOString()
    return `${wall.slice(0, 10)} ${wall.slice(11, 16)}`
  }

  private say(phrase: Phrase, ...parts: string[]): string {
    return fill(PHRASES[this.lang][phrase], ...parts)
  }
}

type Shown = string | number | boolean | BoundValue
const ORDERED: ReadonlySet<Operator> = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'between', 'notBetween'])
