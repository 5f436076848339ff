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
export const VERSIONS = { min: 1, max: 1 } as const
/** Characters of a file name that travel. */
export const MAX_FILE_NAME = 255
