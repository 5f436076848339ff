/** The path or name of a Chromium that runs, or undefined. CHROMIUM_PATH comes before everything else. */
export function findBrowser(): string | undefined
/** As findBrowser, and when there is none tries to get one. */
export function ensureBrowser(): string | undefined
