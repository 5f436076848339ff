/** Expectations for suites that also run where there is no test runner. */

export function check(condition: boolean, what: string): void {
  if (!condition) throw new Error(what)
}

export function same(found: unknown, wanted: unknown, what: string): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)]
  check(a === b, `${what}: ${a} instead of ${b}`)
}

/** Whether somebody is told that this must not be. */
export async function throws(work: Promise<unknown>, what: string): Promise<void> {
  const threw = await work.then(
    () => false,
    () => true,
  )
  check(threw, what)
}
