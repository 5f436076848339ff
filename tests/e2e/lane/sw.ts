import { serveDownloads } from '../../../src/sw/download.ts'

const worker = globalThis as unknown as Parameters<typeof serveDownloads>[0]
serveDownloads(worker)
worker.addEventListener('install', () => void worker.skipWaiting())
