import type { Store } from '../../store/store.ts'
import type { Memory } from './devices.ts'

/** The microphone and camera of the last call, kept among the settings. */
export function deviceMemory(store: Store): Memory {
  return {
    recall: async () => {
      const setting = await store.get('settings', 'devices')
      return setting?.value ?? {}
    },
    remember: (value) => store.commit([{ table: 'settings', put: { name: 'devices', value } }]),
  }
}
