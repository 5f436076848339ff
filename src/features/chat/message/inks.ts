/** Names in the colour of their face; spelled out, so that they are found when the styles are made. */
export const INKS = ['ink-0', 'ink-1', 'ink-2', 'ink-3', 'ink-4', 'ink-5', 'ink-6', 'ink-7'] as const
