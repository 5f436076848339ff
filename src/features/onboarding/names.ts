/** Short enough that any two fit into an invite's 24 bytes. */
const QUALITIES = [
  ...['Quiet', 'Sunny', 'Brave', 'Gentle', 'Merry', 'Swift', 'Clever', 'Cosy', 'Bright', 'Mellow'],
  ...['Nimble', 'Witty', 'Calm', 'Jolly', 'Kind', 'Lucky', 'Happy', 'Silver', 'Golden', 'Velvet'],
]
const CREATURES = [
  ...['Otter', 'Heron', 'Fox', 'Robin', 'Badger', 'Hare', 'Owl', 'Finch', 'Lynx', 'Marten'],
  ...['Puffin', 'Beaver', 'Wren', 'Dolphin', 'Panda', 'Koala', 'Sparrow', 'Hedgehog', 'Swan', 'Bee'],
]

/** A friendly name to begin with. `random` gives a number from 0 up to 1. */
export function suggestName(random: () => number): string {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? ''
  return `${pick(QUALITIES)} ${pick(CREATURES)}`
}
