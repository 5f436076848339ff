import { statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import sirv from 'sirv'

/** Names the build gives its files. No percent signs, no empty or dotted segments: nothing that leads elsewhere. */
const FILE = /^(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/

/** Files are looked up anew at most so often (ms), also when a clock is wrong and a file seems to be of tomorrow. */
const RESCAN_MS = 1_000

/** File systems stamp files with a clock that ticks more coarsely (ms) than ours. */
const CLOCK_TICK_MS = 20

/** Serves one file of the built app; false when there is none of that name. */
export type ServeFile = (request: IncomingMessage, response: ServerResponse, path: string) => boolean

/**
 * The files of the built app: `/` and real files, nothing else.
 * sirv lists the folder once and then trusts the list, so a file that is newer than the list makes a new one:
 * after a build under a running server nobody gets the size of an old file with the content of a new one.
 */
export function appFiles(folder: string): ServeFile {
  let serve: ReturnType<typeof sirv> | undefined
  let scannedAt = 0
  return (request, response, path) => {
    const name = path === '/' ? '/index.html' : path
    const changedAt = FILE.test(name) ? changeTime(join(folder, name)) : undefined
    if (changedAt === undefined) return false
    if (!serve || (changedAt > scannedAt - CLOCK_TICK_MS && Date.now() - scannedAt > RESCAN_MS)) {
      scannedAt = Date.now()
      serve = sirv(folder, { etag: true, gzip: true, brotli: true, extensions: [] })
    }
    // sirv answers a range that ends before it starts by throwing, and no file of the app is fetched in parts.
    delete request.headers.range
    request.url = name
    response.setHeader('Cache-Control', cacheControl(name))
    let found = true
    serve(request, response, () => {
      found = false
    })
    return found
  }
}

/** The build puts a hash of the content into the names under /assets, so these never change. */
function cacheControl(name: string): string {
  return name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
}

/** When a file was last written (ms), or undefined when there is no such file. */
function changeTime(file: string): number | undefined {
  try {
    const stats = statSync(file, { throwIfNoEntry: false })
    return stats?.isFile() ? stats.mtimeMs : undefined
  } catch {
    // A name the file system does not take (too long, say) is the name of no file.
    return undefined
  }
}
