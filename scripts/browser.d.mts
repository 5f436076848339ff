/** The path or name of a Chromium that runs, or undefined. CHROMIUM_PATH comes before everything else. */
export function findBrowser(): string | undefined
/** As findBrowser, and when there is none tries to get one. */
export function ensureBrowser(): string | undefined
/** The path or name of a Firefox that runs, or undefined. FIREFOX_PATH comes before everything else. */
export function findFirefox(): string | undefined
/** As findFirefox, and when there is none tries to get one. */
export function ensureFirefox(): string | undefined
