// The load of intake, chain-latency and the crash law, in a process of its own that costs little: requests made beforehand as
// bytes, a few sockets, answers counted by their status line. One argument: a Posting as JSON; prints what it did as JSON.
import net from 'node:net'

export interface Posting {
  url: string
  /** Path of the form. */
  form: string
  /** First digits of all phones; the number of the post completes them to eleven. */
  prefix: string
  ms: number
  /** Posts per second, sent at their time whether or not the server keeps up; absent: as many as `inFlight` allow. */
  rate?: number
  /** Unanswered posts at most. */
  inFlight: number
  sockets?: number
}
export interface Posted {
  accepted: number
  refused: Record<string, number>
  begun: number
  ended: number
  /** By number of the post: when it was due and when it was answered, ms of the wall clock. */
  due: number[]
  answered: number[]
  cpuMs: number
}

interface Lane { socket: net.Socket; waiting: number[]; text: string }

async function work(posting: Posting): Promise<Posted> {
  const { hostname, port, host } = new URL(posting.url)
  const lanes: Lane[] = await Promise.all(Array.from({ length: posting.sockets ?? 8 }, () => open(hostname, Number(port))))
  const posted: Posted = { accepted: 0, refused: {}, begun: Date.now(), ended: 0, due: [], answered: [], cpuMs: 0 }
  const perLane = Math.ceil(posting.inFlight / lanes.length)
  const [begun, until] = [performance.now(), performance.now() + posting.ms]
  let sent = 0
  let over = (): void => {}
  const finished = new Promise<void>((resolve) => { over = resolve })
  const open_ = (): boolean => performance.now() < until

  const send = (lane: Lane, due: number): void => {
    posted.due.push(due)
    lane.waiting.push(sent)
    lane.socket.write(request(posting, host, sent++))
  }
  const fill = (lane: Lane): void => {
    if (posting.rate !== undefined) return
    lane.socket.cork()
    while (open_() && lane.waiting.length < perLane) send(lane, Date.now())
    lane.socket.uncork()
  }
  for (const lane of lanes) {
    lane.socket.on('data', (chunk: Buffer) => {
      lane.text += chunk.toString('latin1')
      for (let answer = next(lane); answer !== null; answer = next(lane)) note(posted, lane.waiting.shift()!, answer)
      fill(lane)
      if (!open_() && lanes.every(({ waiting }) => waiting.length === 0)) over()
    })
    lane.socket.on('close', over)
    fill(lane)
  }
  if (posting.rate !== undefined) void pace(posting.rate, begun, until, posted.begun, (due, n) => send(lanes[n % lanes.length]!, due))
  await Promise.race([finished, new Promise((resolve) => setTimeout(resolve, posting.ms + 30_000).unref())])
  posted.ended = Date.now()
  const { user, system } = process.cpuUsage()
  lanes.forEach(({ socket }) => socket.destroy())
  return { ...posted, cpuMs: (user + system) / 1000 }
}

async function pace(rate: number, begun: number, until: number, wall: number, send: (due: number, n: number) => void): Promise<void> {
  for (let n = 0; performance.now() < until; await new Promise((resolve) => setTimeout(resolve, 1)))
    for (const due = Math.floor(((performance.now() - begun) * rate) / 1000); n < due; n++) send(wall + (n * 1000) / rate, n)
}

const open = (host: string, port: number): Promise<Lane> => new Promise((resolve, reject) => {
  const socket = net.connect({ host, port, noDelay: true }, () => resolve({ socket, waiting: [], text: '' })).once('error', reject)
})

/** Takes one whole answer off the lane: its status. */
function next(lane: Lane): string | null {
  const head = lane.text.indexOf('\r\n\r\n')
  if (head === -1) return null
  const length = Number(/content-length: (\d+)/i.exec(lane.text.slice(0, head))?.[1] ?? 0)
  if (lane.text.length < head + 4 + length) return null
  const status = lane.text.slice(9, 12)
  lane.text = lane.text.slice(head + 4 + length)
  return status
}

function note(posted: Posted, n: number, status: string): void {
  posted.answered[n] = Date.now()
  if (status === '201') posted.accepted++
  else posted.refused[status] = (posted.refused[status] ?? 0) + 1
}

function request({ form, prefix }: Posting, host: string, n: number): Buffer {
  const body = Buffer.from(JSON.stringify({ name: `王明${n}`, phone: prefix + String(n).padStart(11 - prefix.length, '0'), company: `苏州精密制造${n % 997}有限公司`, industry: 'auto_parts', need: 'mes', budget: '60-80万', region: '320500', _page_url: 'https://www.example.cn/pricing?utm_source=baidu', utm_source: 'baidu', consent: true }))
  return Buffer.concat([Buffer.from(`POST ${form} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`), body])
}

if (import.meta.main) {
  const answer = JSON.stringify(await work(JSON.parse(process.argv[2]!) as Posting))
  process.stdout.write(answer, () => process.exit(0))
}
