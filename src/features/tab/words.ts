import type { Notice } from '../context.ts'

/** What the person must hear that belongs to no chat. */
export const NOTICES: Record<Notice, string> = {
  intercepted:
    'Somebody stood between you and the person who used your code. Nothing was sent. Make a new code and try again.',
  'storage-full': 'The disk is full: new messages cannot be stored. Make room, then load this page again.',
  'storage-failed': 'Something could not be stored on this device. Load this page again.',
  'clock-wrong': 'The clock of this device is wrong. Please set it, or messages stand in the wrong order.',
  elsewhere: 'Earshot is running elsewhere with your name. Here it rests.',
}
