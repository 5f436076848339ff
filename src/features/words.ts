/** When the disk refuses what a person just did. */
export const NOT_STORED = 'This could not be stored on your device. Is its disk full?'

export const SHARE_REFUSED = 'The browser did not let this be shared. Copy the link instead.'

export const COPY_BY_HAND = 'The browser did not let this be copied. It is marked: copy it by hand.'
