import type { World } from '../../src/app.ts'

/** For people who only write; whoever needs lanes, media or files brings doubles of them. */
export const NOTHING_HEAVY: Pick<World, 'openLane' | 'openMedia' | 'openDisk' | 'openDevices' | 'saver'> = {
  openLane: () => {
    throw new Error('no lanes here')
  },
  openMedia: () => {
    throw new Error('no media here')
  },
  openDisk: () => ({
    write: () => Promise.reject(new Error('no disk here')),
    read: () => Promise.reject(new Error('no disk here')),
    remove: () => Promise.resolve(),
    usage: () => Promise.resolve({ used: 0, free: 0 }),
    receive: () => ({ push: () => undefined, end: () => undefined }),
    close: () => undefined,
  }),
  openDevices: () => ({ open: () => Promise.resolve({ tracks: {}, troubles: {} }) }),
  saver: () => Promise.reject(new Error('nothing to save')),
}
