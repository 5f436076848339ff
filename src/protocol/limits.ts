/** No frame on a link is longer, bytes. */
export const MAX_FRAME = 65_536
/** Longer text travels as a text file, UTF-8 bytes. */
export const MAX_TEXT = 32_768
/** UTF-8 bytes of a name on the wire; the invite code has room for 24. */
export const MAX_NAME = 64
export const MAX_INVITE_NAME = 24
/** One message on a lane, header included, bytes: what Chromium advertises and nobody should exceed. */
export const MAX_LANE_MESSAGE = 262_144
/** Plaintext bytes of a file block. */
export const BLOCK_SIZE = 1_048_576
/** Entries of a `have` frame; longer vectors are cut into several. */
export const MAX_HAVE = 256
/** Versions of BIND this build speaks (PROTOCOL §3). */
export const VERSIONS = { min: 2, max: 2 } as const
/** Characters of a file name that travel. */
export const MAX_FILE_NAME = 255
/** Bytes of a group's picture: it travels inside a record. */
export const MAX_PICTURE = 24_576
/** UTF-8 bytes of a reaction: the longest emoji there are take about 40. */
export const MAX_EMOJI = 64
export const MAX_MENTIONS = 64
/** Longest time after which a message disappears, seconds: a year. */
export const MAX_VANISH = 31_536_000
/** Feeds in one report of what was seen. */
export const MAX_SEEN = 256
/** Incarnations of somebody who is removed that a commit names. */
export const MAX_CUTS = 64
/** Seats and feeds that a newcomer is told of. */
export const MAX_BASE = 512
/** Milliseconds up to the year 10889: a clock is shown as a date, and a `Date` ends before 2^53. */
export const MAX_CLOCK = 2 ** 48 - 1
