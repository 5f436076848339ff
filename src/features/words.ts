/** When the disk refuses what a person just did. */
export const NOT_STORED = 'This could not be stored on your device. Is its disk full?'
