import type { Refusal } from './pairing.ts'

/** Why an invitation cannot be used, and what to do about it. */
export function refusalText(refusal: Refusal): string {
  switch (refusal.problem) {
    case 'not-an-invite':
      return 'This is not an Earshot invitation. Ask for the whole link, or for the code on the other screen.'
    case 'truncated':
      return 'The end of this invitation is missing. Copy the whole link and try again.'
    case 'damaged':
      return 'This invitation was damaged on its way. Ask for it once more.'
    case 'newer-version':
      return 'This invitation was made by a newer Earshot. Update yours, then try again.'
    case 'other-host':
      return `This is an invitation of ${hostOf(refusal.host)}. Open it there.`
    case 'own':
      return 'This is your own code. Somebody else has to scan it.'
    case 'expired':
      return 'This invitation has run out. Ask for a new one.'
  }
}

/** `host` may come with its scheme, which says nothing to people. */
function hostOf(host: string): string {
  return host.replace(/^https?:\/\//, '')
}

export const NO_CODE_IN_PICTURE =
  'No code was found in this picture. Try one where the code is sharp, whole and not too small.'

export const NOT_A_PICTURE = 'This file could not be read as a picture.'

export const CAMERA_TEXT = {
  refused: {
    title: 'The camera is not allowed here',
    text: 'Allow it in the settings of your browser for this page, or use a picture of the code, or a link.',
  },
  missing: {
    title: 'There is no camera to use',
    text: 'Another program may be using it. You can use a picture of the code instead, or a link.',
  },
} as const
