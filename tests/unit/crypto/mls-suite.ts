import { COMMIT_CASES } from './mls-suite-commits.ts'
import { MEMBERSHIP_CASES } from './mls-suite-membership.ts'
import { MESSAGE_CASES } from './mls-suite-messages.ts'
import { ROBUSTNESS_CASES } from './mls-suite-robustness.ts'
import { WELCOME_CASES } from './mls-suite-welcome.ts'
import type { MlsPerson } from '../../support/mls-member.ts'

export interface MlsPeople {
  readonly alice: MlsPerson
  readonly bob: MlsPerson
  readonly carol: MlsPerson
  readonly dave: MlsPerson
  /** Lets so many days pass; also backwards. */
  days(days: number): void
}

/** What every MLS must do. Free of any test runner, so that it runs in a page as well. */
export interface MlsCase {
  readonly name: string
  /** Thousands of messages: too much for the WebCrypto of Node, which is slow. */
  readonly heavy?: true
  run(people: MlsPeople): Promise<void>
}

export const MLS_SUITE: readonly MlsCase[] = [
  ...WELCOME_CASES,
  ...MEMBERSHIP_CASES,
  ...COMMIT_CASES,
  ...MESSAGE_CASES,
  ...ROBUSTNESS_CASES,
]
