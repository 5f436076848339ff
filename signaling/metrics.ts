const DROPPED = ['malformed', 'queue_full', 'absent', 'expired'] as const
const HITS = [
  'messages',
  'bytes',
  'malformed',
  'offers',
  'slow',
  'network',
  'sockets',
  'connections',
  'frame',
  'idle',
] as const
const EVENTS = ['registrations', 'refusals', 'takeovers', 'relayed', 'introductions', 'expired'] as const

/** Why a message went no further. */
export type Dropped = (typeof DROPPED)[number]

/** Which limit a socket or connection ran into. */
export type LimitHit = (typeof HITS)[number]

/** Things that are counted one by one. */
export type Event = (typeof EVENTS)[number]

/** What there is at this moment. */
export interface Gauges {
  /** Open sockets. */
  readonly sockets: number
  /** Registered addresses. */
  readonly registered: number
  /** Messages waiting for somebody absent. */
  readonly waitingMessages: number
  /** Their bytes. */
  readonly waitingBytes: number
}

/** Numbers about the work done. They hold no address, no token and no IP, only how often. */
export class Metrics {
  readonly #events = new Map<Event, number>()
  readonly #dropped = new Map<Dropped, number>()
  readonly #limits = new Map<LimitHit, number>()

  count(event: Event): void {
    this.#events.set(event, this.event(event) + 1)
  }

  drop(reason: Dropped, times = 1): void {
    this.#dropped.set(reason, this.dropped(reason) + times)
  }

  hit(limit: LimitHit): void {
    this.#limits.set(limit, this.limitHits(limit) + 1)
  }

  event(event: Event): number {
    return this.#events.get(event) ?? 0
  }

  dropped(reason: Dropped): number {
    return this.#dropped.get(reason) ?? 0
  }

  limitHits(limit: LimitHit): number {
    return this.#limits.get(limit) ?? 0
  }

  /** Everything in the Prometheus text format. */
  render(gauges: Gauges): string {
    return [
      ...sample('earshot_sockets', 'gauge', [['', gauges.sockets]]),
      ...sample('earshot_registered', 'gauge', [['', gauges.registered]]),
      ...sample('earshot_waiting_messages', 'gauge', [['', gauges.waitingMessages]]),
      ...sample('earshot_waiting_bytes', 'gauge', [['', gauges.waitingBytes]]),
      ...EVENTS.flatMap((event) => sample(`earshot_${event}_total`, 'counter', [['', this.event(event)]])),
      ...sample(
        'earshot_dropped_total',
        'counter',
        labelled('reason', DROPPED, (reason) => this.dropped(reason)),
      ),
      ...sample(
        'earshot_limit_hits_total',
        'counter',
        labelled('limit', HITS, (limit) => this.limitHits(limit)),
      ),
      '',
    ].join('\n')
  }
}

type Row = readonly [labels: string, value: number]

function labelled<T extends string>(label: string, values: readonly T[], read: (value: T) => number): Row[] {
  return values.map((value) => [`{${label}="${value}"}`, read(value)])
}

function sample(name: string, type: 'gauge' | 'counter', rows: readonly Row[]): string[] {
  return [`# TYPE ${name} ${type}`, ...rows.map(([labels, value]) => `${name}${labels} ${value}`)]
}
