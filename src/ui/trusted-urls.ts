/** Workers of our own that may be started, by the name of their file. */
const WORKER = /^\/assets\/(?:[\w-]+-)?worker-[\w-]+\.js$/
const SERVICE_WORKER = '/sw.js'

interface Policy {
  createScriptURL(url: string): string
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy
}

let policy: Policy | undefined

/**
 * Lets exactly our service worker and our named workers (files called `…worker.ts`) pass where the page demands
 * trusted URLs; throws a TypeError for any other. What comes back is used as the string it stands for.
 */
export function trustedScript(url: string): string {
  policy ??= makePolicy()
  return policy.createScriptURL(url)
}

function makePolicy(): Policy {
  const rules = { createScriptURL: admit }
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
  return trustedTypes?.createPolicy('earshot', rules) ?? rules
}

function admit(url: string): string {
  const { origin, pathname } = new URL(url, location.href)
  const ours = pathname === SERVICE_WORKER || WORKER.test(pathname) || import.meta.env.DEV
  if (origin !== location.origin || !ours) throw new TypeError('not a script of this app')
  return url
}
