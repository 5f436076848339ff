/** The story that notices each bug, found by hunting from seed 1 (`npm run test:long`). */
export const SEEDS: Readonly<Record<string, number>> = {
  'what came twice is taken twice': 1,
  'a gap in a feed is passed over': 64,
  'what is not on the disk is acknowledged': 1,
  'what was given counts as delivered': 5,
  'of two words of one moment whoever came first stands first': 1,
  'the own clock goes back with the wall clock': 1,
  'the state before sealing is kept': 1,
  'a device that was set back goes on with its old keys': 7,
  'a device that was set back goes on as it was': 32,
  'everybody is given everything': 16,
  'whoever was removed may still write': 3,
  'a commit counts whoever made it': 5,
  'after a restart nothing waits to be sent': 1,
  'what leaves is not marked as gone': 1,
  'one key package serves for all that one wishes': 2,
  'nobody asks for lost keys': 3,
  'an organiser who lost the keys leaves it at that': 23,
  'what a device forgot and nobody knows better is never taken up again': 3,
  'what a peer said first about its group stands': 3,
  'the disk says "written" before it has begun to write': 2,
  'a crash tears a transaction in two': 2,
  'the disk loses what it had written last when the process dies': 52,
  'the disk forgets how far a feed is known': 1,
  'a second row of one name replaces the first without a word': 1,
  'a page is cut between two messages of one moment': 4,
  'the channel loses a message now and then': 5,
  'the channel lets a message overtake another': 28,
  'nobody notices that a link has fallen silent': 1,
  'a link that broke is not reported': 3,
}

/** What must happen often for it to be noticed. */
export const OFTEN: Readonly<Record<string, readonly string[]>> = {
  'a device that was set back goes on with its old keys': ['copy', 'setBack'],
  'a device that was set back goes on as it was': ['copy', 'setBack'],
  'whoever was removed may still write': ['expel', 'part', 'unite'],
}
