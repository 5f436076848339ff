import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { DOWNLOAD_PATH } from '../core/transfer-download.ts'
import { serveDownloads } from './download.ts'

declare const self: ServiceWorkerGlobalScope & {
  /** Put in by the build. */
  __WB_MANIFEST: (string | { url: string; revision: string | null })[]
}

// Before the routes: what is a download is no page of the app.
serveDownloads(self)

// Everything the app is made of, so that it opens without a network.
precacheAndRoute(self.__WB_MANIFEST)
cleanupOutdatedCaches()
registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/index.html'), {
    denylist: [new RegExp(`^/(?:config|healthz|metrics|peerjs)|${DOWNLOAD_PATH}`)],
  }),
)

// A newer version waits until the person restarts: taking over would break a running page.
self.addEventListener('message', (event) => {
  const message: unknown = event.data
  if (
    typeof message === 'object' &&
    message !== null &&
    'type' in message &&
    message.type === 'SKIP_WAITING'
  ) {
    void self.skipWaiting()
  }
})

export {}
