/**
 * How long this device has lived, milliseconds: a clock that nobody can set. While the app runs it follows the time
 * that passed; for the time between two runs it trusts the wall clock, but never backwards.
 */
export interface Age {
  readonly lived: number
  /** Wall clock when that was noted, milliseconds since 1970. */
  readonly noted: number
}

/** The age at the start of a run; `wall` is the wall clock now. */
export function resumed(age: Age | undefined, wall: number): Age {
  if (!age) return { lived: 0, noted: wall }
  return { lived: age.lived + Math.max(0, wall - age.noted), noted: wall }
}

/** The age after `elapsed` milliseconds of a run that began at `start`. */
export function ageAfter(start: Age, elapsed: number, wall: number): Age {
  return { lived: start.lived + elapsed, noted: wall }
}
