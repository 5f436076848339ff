/**
 * Handles one stranger's input. A fault of ours in it must not end the server for everybody else:
 * it is reported, and `otherwise` ends that one connection.
 * The report holds the place in our code but not the message, which may quote what the stranger sent.
 */
export function guarded(handle: () => void, otherwise: () => void): void {
  try {
    handle()
  } catch (fault) {
    console.error(`A fault in the server: ${placeOf(fault)}`)
    otherwise()
  }
}

function placeOf(fault: unknown): string {
  if (!(fault instanceof Error)) return 'not an Error'
  const frames = (fault.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return [fault.name, ...frames.slice(0, 5).map((line) => line.trim())].join(' ')
}
