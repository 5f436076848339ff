import type { IdentityKey } from '../../../core/ids.ts'

/** Who is there just now, as the small signs over open links tell. */
export interface Nearby {
  readonly linked: (who: IdentityKey) => boolean
  readonly away: ReadonlySet<IdentityKey>
}

/** Whether somebody is there; undefined where nothing is known of them. */
export function presenceOf(who: IdentityKey, { linked, away }: Nearby): 'Online' | 'Away' | undefined {
  if (!linked(who)) return undefined
  return away.has(who) ? 'Away' : 'Online'
}

/** "5 members, 3 online": ourselves among the members. */
export function crowdText(members: readonly IdentityKey[], me: IdentityKey, { linked }: Nearby): string {
  const online = members.filter((who) => who !== me && linked(who)).length
  const count = members.length === 1 ? '1 member' : `${String(members.length)} members`
  return online === 0 ? count : `${count}, ${String(online)} online`
}
