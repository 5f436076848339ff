import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as plainRequest, type IncomingHttpHeaders } from 'node:http'
import { request as secureRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { home, tokenOf } from './people.ts'
import { startOurs } from './servers.ts'
import { testCertificate, testKey } from './test-certificate.ts'

const CSP =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; " +
  "media-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; " +
  "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'; trusted-types svelte-trusted-html earshot"

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

interface Ask {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly secure?: boolean
}

let server: Awaited<ReturnType<typeof startOurs>>
let folder: string

/** Asks with the path exactly as written, which fetch() would tidy up. */
function get(
  path: string,
  { method = 'GET', headers = {}, secure = false }: Ask = {},
  port = server.port,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      path,
      method,
      headers,
      rejectUnauthorized: false,
      agent: false as const,
    }
    const asking = (secure ? secureRequest : plainRequest)(options, (response) => {
      let body = ''
      response.setEncoding('latin1')
      response.on('data', (piece: string) => (body += piece))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    asking.on('error', reject)
    asking.end()
  })
}

function write(name: string, content: string): void {
  writeFileSync(join(folder, 'app', name), content)
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-http-'))
  mkdirSync(join(folder, 'app', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  write('index.html', '<!doctype html><title>Earshot</title>')
  write('index.html.br', 'brotli')
  write('index.html.gz', 'gzip')
  write('sw.js', 'worker')
  write('.hidden', 'hidden')
  write('assets/app-B4x_-9.js', 'script')
  server = await startOurs({ appFolder: join(folder, 'app'), wallTime: () => 1_234_567_890_123 })
})

afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

describe('alice opens the app', () => {
  it('and gets the page, compressed as her browser likes it', async () => {
    const page = await get('/')
    expect(page).toMatchObject({ status: 200, body: '<!doctype html><title>Earshot</title>' })
    expect(page.headers['content-type']).toBe('text/html;charset=utf-8')
    expect(page.headers['cache-control']).toBe('no-cache')
    const brotli = await get('/?from=link', { headers: { 'Accept-Encoding': 'gzip, br' } })
    expect(brotli).toMatchObject({ status: 200, body: 'brotli', headers: { 'content-encoding': 'br' } })
    expect(brotli.headers['content-type']).toBe('text/html;charset=utf-8')
    const gzip = await get('/', { headers: { 'Accept-Encoding': 'gzip' } })
    expect(gzip).toMatchObject({
      body: 'gzip',
      headers: { 'content-encoding': 'gzip', vary: 'Accept-Encoding' },
    })
  })

  it('and keeps what has a hash in its name, but asks again for the rest', async () => {
    const asset = await get('/assets/app-B4x_-9.js')
    expect(asset).toMatchObject({ status: 200, body: 'script' })
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    const worker = await get('/sw.js')
    expect(worker.headers['cache-control']).toBe('no-cache')
    const again = await get('/sw.js', { headers: { 'If-None-Match': worker.headers.etag ?? '' } })
    expect(again).toMatchObject({ status: 304, body: '', headers: { 'cache-control': 'no-cache' } })
  })

  it('and her browser may ask for the head only, or for a part', async () => {
    expect(await get('/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
    expect(await get('/sw.js', { headers: { Range: 'bytes=5-2' } })).toMatchObject({
      status: 200,
      body: 'worker',
    })
  })

  it('and a build made meanwhile is served whole', { timeout: 15_000 }, async () => {
    write('late.js', 'first')
    await expect.poll(() => get('/late.js'), { timeout: 5_000 }).toMatchObject({ status: 200, body: 'first' })
    write('late.js', 'a longer second')
    await expect.poll(async () => (await get('/late.js')).body, { timeout: 5_000 }).toBe('a longer second')
  })

  it('and learns the time, and that there are no other servers', async () => {
    const config = await get('/config')
    expect(config).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } })
    expect(JSON.parse(config.body)).toEqual({ time: 1_234_567_890_123, iceServers: [] })
  })

  it('and learns the STUN servers of whoever runs the box', async () => {
    const other = await startOurs({ stunUrls: ['stun:a:3478', 'stun:b:3478'] })
    const config = await get('/config', {}, other.port)
    expect(JSON.parse(config.body)).toMatchObject({ iceServers: [{ urls: ['stun:a:3478', 'stun:b:3478'] }] })
    await other.close()
  })
})

describe('whoever runs the box', () => {
  it('sees that it is healthy', async () => {
    expect(await get('/healthz')).toMatchObject({ status: 200, body: 'ok\n' })
  })

  it('sees numbers, without names, on the box itself', async () => {
    const metrics = await get('/metrics')
    expect(metrics.status).toBe(200)
    expect(metrics.body).toContain('# TYPE earshot_sockets gauge\nearshot_sockets 0\n')
    expect(metrics.body).toContain('earshot_limit_hits_total{limit="network"} 0')
    expect(metrics.body).not.toMatch(/[0-9a-f]{40}/)
  })

  it('does not show them to those who come through a proxy, unless they are public', async () => {
    const proxied = { headers: { 'X-Forwarded-For': '127.0.0.1' } }
    expect((await get('/metrics', proxied)).status).toBe(404)
    const open = await startOurs({ metricsPublic: true })
    expect((await get('/metrics', proxied, open.port)).status).toBe(200)
    await open.close()
  })
})

describe('mallory asks', () => {
  it.each([
    '/nothing',
    '/index',
    '/index.html/',
    '/assets',
    '/assets/',
    '/.hidden',
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..\\secret.txt',
    '//etc/passwd',
    '/assets//app-B4x_-9.js',
    '/%00',
    '/peerjs',
    '/peerjs/id',
    '/peerjs/peers',
    'http://elsewhere/index.html',
    '*',
  ])('for %s and gets 404', async (path) => {
    const answer = await get(path)
    expect(answer).toMatchObject({
      status: 404,
      body: 'Not found\n',
      headers: { 'cache-control': 'no-cache' },
    })
    expect(answer.headers['content-security-policy']).toBe(CSP)
  })

  it('for a name longer than file systems take and gets 404', async () => {
    expect(await get(`/${'a'.repeat(4000)}`)).toMatchObject({ status: 404 })
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('with %s and gets 405', async (method) => {
    for (const path of ['/', '/config', '/nothing']) {
      const answer = await get(path, { method })
      expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
      expect(answer.headers['content-security-policy']).toBe(CSP)
    }
  })
})

describe('every answer carries the security headers', () => {
  const paths = ['/', '/assets/app-B4x_-9.js', '/sw.js', '/config', '/healthz', '/metrics', '/nothing']

  it.each(paths)('%s', async (path) => {
    const { headers } = await get(path)
    expect(headers).toMatchObject({
      'content-security-policy': CSP,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(headers['permissions-policy']).toContain('camera=(self)')
    expect(headers['permissions-policy']).toContain('geolocation=()')
    expect(headers['strict-transport-security']).toBeUndefined()
    expect(headers['x-powered-by']).toBeUndefined()
  })

  it('and over TLS the order to stay with TLS', async () => {
    const tls = { cert: Buffer.from(testCertificate), key: Buffer.from(testKey) }
    const secure = await startOurs({ tls, appFolder: join(folder, 'app') })
    const answer = await get('/', { secure: true }, secure.port)
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'strict-transport-security': 'max-age=31536000' },
    })
    await secure.close()
  })
})

describe('an app that was never built', () => {
  it('is answered by 404, and the introductions work all the same', async () => {
    const empty = await startOurs({ appFolder: join(folder, 'missing') })
    expect((await get('/', {}, empty.port)).status).toBe(404)
    expect(home('alice')).not.toBe(tokenOf('alice'))
    await empty.close()
  })
})
