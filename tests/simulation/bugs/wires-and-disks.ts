import type { Channel, ChannelEvents } from '../../../src/net/channel.ts'
import type { RowChange, Rows } from '../../../src/store/rows.ts'
import { copyOf, type Disk } from '../../support/memory-rows.ts'
import type { Neighbourhood } from '../../support/people.ts'

/** Bugs behind the ports: disks, wires and timers that do not do what they must. */
export const WIRES_AND_DISKS: Readonly<Record<string, (world: Neighbourhood) => void>> = {
  'the disk says "written" before it has begun to write': (world) => {
    world.wrapRows = (rows) => ({
      ...rows,
      commit: async (changes) => {
        if (!world.disks) return rows.commit(changes)
        world.time.after(200, () => void rows.commit(changes).catch(() => undefined))
      },
    })
  },
  'a crash tears a transaction in two': (world) => {
    world.wrapRows = (rows) => ({
      ...rows,
      commit: async (changes) => {
        for (const change of changes) {
          await rows.commit([change])
          if (world.disks) await new Promise<void>((resolve) => world.time.after(300, resolve))
        }
      },
    })
  },
  'the disk loses what it had written last when the process dies': (world) => {
    world.wrapRows = (rows, disk) => forgetful(rows, disk, world)
  },
  'the disk forgets how far a feed is known': (world) => {
    world.wrapRows = (rows) => ({ ...rows, commit: (changes) => rows.commit(withoutFeeds(changes)) })
  },
  'a second row of one name replaces the first without a word': (world) => {
    world.wrapRows = (rows) => ({
      ...rows,
      commit: (changes) => rows.commit(withoutFeeds(changes).map(overwriting)),
    })
  },
  'a page is cut between two messages of one moment': (world) => {
    world.wrapRows = (rows) => ({
      ...rows,
      page: async (conversation, range) => (await rows.page(conversation, range)).slice(0, range.limit),
    })
  },
  'the channel loses a message now and then': (world) => {
    world.network.wrap = (channel) =>
      overridden(channel, (bytes) => world.chance() > 0.05 && channel.send(bytes))
  },
  'the channel lets a message overtake another': (world) => {
    world.network.wrap = (channel) =>
      overridden(channel, (bytes) => {
        if (world.chance() > 0.1) channel.send(bytes)
        else world.time.after(300, () => channel.send(bytes))
      })
  },
  'nobody notices that a link has fallen silent': (world) => {
    world.fires = (ms) => ms !== 15_000
  },
  'a link that broke is not reported': (world) => {
    world.network.wrap = (channel) => ({ ...bare(channel), listen: (events) => channel.listen(deaf(events)) })
  },
}

/** Commits are undone that were made within the last moments before the process died. */
function forgetful(rows: Rows, disk: Disk, { time, people }: Neighbourhood): Rows {
  let kept = { at: time.now(), copy: copyOf(disk) }
  const owner = () => people.find((person) => person.disk === disk)
  const watch = (): void => {
    const person = owner()
    if (person && !person.awake) person.setBack(kept.copy)
    else {
      kept = { at: time.now(), copy: copyOf(disk) }
      time.after(400, watch)
    }
  }
  time.after(400, watch)
  return rows
}

function withoutFeeds(changes: RowChange[]): RowChange[] {
  return changes.filter(({ table }) => table !== 'feeds')
}

function overwriting(change: RowChange): RowChange {
  return 'add' in change ? { table: change.table, put: change.add } : change
}

/** The channel as a plain object, whose members can be replaced. */
function bare(channel: Channel): Channel {
  return {
    listen: (events) => channel.listen(events),
    send: (bytes) => channel.send(bytes),
    get waiting() {
      return channel.waiting
    },
    certificates: () => channel.certificates(),
    path: () => channel.path(),
    close: () => channel.close(),
  }
}

function overridden(channel: Channel, send: (bytes: Parameters<Channel['send']>[0]) => unknown): Channel {
  return { ...bare(channel), send: (bytes) => void send(bytes) }
}

function deaf(events: ChannelEvents): ChannelEvents {
  return { ...events, message: (bytes) => events.message(bytes), closed: () => undefined }
}
