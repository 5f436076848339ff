/** The story that notices each bug, found by hunting from seed 1 (`npm run test:long`). */
export const SEEDS: Readonly<Record<string, number>> = {
  'what came twice is taken twice': 2,
  'a gap in a feed is passed over': 54,
  'what is not on the disk is acknowledged': 1,
  'what was given counts as delivered': 1,
  'of two words of one moment whoever came first stands first': 1,
  'the own clock goes back with the wall clock': 1,
  'the state before sealing is kept': 1,
  'a device that was set back goes on with its old keys': 1,
  'a device that was set back goes on as it was': 1,
  'everybody is given everything': 20,
  'whoever was removed may still write': 42,
  'a commit counts whoever made it': 6,
  'after a restart nothing waits to be sent': 2,
  'what leaves is not marked as gone': 1,
  'one key package serves for all that one wishes': 1,
  'nobody asks for lost keys': 2,
  'an organiser who lost the keys leaves it at that': 26,
  'what a device forgot and nobody knows better is never taken up again': 21,
  'what a peer said first about its group stands': 24,
  'the disk says "written" before it has begun to write': 1,
  'a crash tears a transaction in two': 11,
  'the disk loses what it had written last when the process dies': 5,
  'the disk forgets how far a feed is known': 1,
  'a second row of one name replaces the first without a word': 1,
  'a page is cut between two messages of one moment': 1,
  'the channel loses a message now and then': 10,
  'the channel lets a message overtake another': 71,
  'nobody notices that a link has fallen silent': 1,
  'a link that broke is not reported': 4,
}

/** What must happen often for it to be noticed. */
export const OFTEN: Readonly<Record<string, readonly string[]>> = {
  'a device that was set back goes on with its old keys': ['copy', 'setBack'],
  'a device that was set back goes on as it was': ['copy', 'setBack'],
  'whoever was removed may still write': ['expel', 'part', 'unite'],
}
