import type { NetworkInterfaceInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { announcement, type Place } from '../../../signaling/announcement.ts'
import { networkOf } from '../../../signaling/network.ts'
import { readSettings } from '../../../signaling/settings.ts'

describe('people are counted by network', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['', 'unknown'],
    ['nonsense', 'unknown'],
  ])('%s belongs to %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})

describe('whoever starts the server', () => {
  const lan: NetworkInterfaceInfo = {
    address: '192.168.1.5',
    family: 'IPv4',
    internal: false,
    netmask: '255.255.255.0',
    mac: '00:00:00:00:00:00',
    cidr: '192.168.1.5/24',
  }
  const interfaces = { lo: [{ ...lan, address: '127.0.0.1', internal: true }], eth0: [lan] }
  const place: Place = { port: 8080, host: undefined, secure: false, interfaces }

  it('is told the address here, those for other devices, and that they need HTTPS', () => {
    const lines = announcement(place)
    expect(lines[0]).toBe('Earshot is running at http://localhost:8080')
    expect(lines[1]).toContain('http://192.168.1.5:8080')
    expect(lines[2]).toContain('HTTPS')
  })

  it('is not told about HTTPS when it is spoken, nor about others when they cannot come', () => {
    expect(announcement({ ...place, secure: true })).toEqual([
      'Earshot is running at https://localhost:8080',
      'On other devices of this network: https://192.168.1.5:8080',
    ])
    expect(announcement({ ...place, host: '127.0.0.1' })).toEqual([
      'Earshot is running at http://localhost:8080',
    ])
    expect(announcement({ ...place, host: 'fd00::1', secure: true })).toEqual([
      'Earshot is running at https://[fd00::1]:8080',
    ])
  })

  it('gets sensible settings without saying anything', () => {
    expect(readSettings({ HOST: '', UNRELATED: 'x' })).toEqual({
      kind: 'good',
      settings: {
        port: 8080,
        host: undefined,
        tls: undefined,
        maxPerIp: 500,
        maxSockets: 20_000,
        trustProxy: false,
        metricsPublic: false,
        stunUrls: [],
      },
    })
  })

  it('can set everything', () => {
    const read = readSettings({
      PORT: '0',
      HOST: '::1',
      TLS_CERT: 'c.pem',
      TLS_KEY: 'k.pem',
      MAX_PER_IP: '9',
      MAX_SOCKETS: '10',
      TRUST_PROXY: '1',
      METRICS_PUBLIC: '1',
      STUN_URLS: 'stun:a:3478, stuns:b',
    })
    expect(read).toMatchObject({
      kind: 'good',
      settings: {
        port: 0,
        host: '::1',
        tls: { certPath: 'c.pem', keyPath: 'k.pem' },
        maxPerIp: 9,
        maxSockets: 10,
        trustProxy: true,
        metricsPublic: true,
        stunUrls: ['stun:a:3478', 'stuns:b'],
      },
    })
  })

  it.each([
    [{ PORT: 'web' }, 'PORT must be a whole number.'],
    [{ PORT: '70000' }, 'PORT must be at most 65535.'],
    [{ MAX_PER_IP: '0' }, 'MAX_PER_IP must be at least 1.'],
    [{ TLS_CERT: 'c.pem' }, 'TLS_CERT and TLS_KEY belong together: set both or neither.'],
    [{ TLS_KEY: 'k.pem' }, 'TLS_CERT and TLS_KEY belong together: set both or neither.'],
    [{ STUN_URLS: 'http://x' }, 'STUN_URLS must be a list like stun:HOST:PORT,stun:HOST:PORT.'],
  ])('is told in one sentence what is wrong with %j', (environment, why) => {
    expect(readSettings(environment)).toEqual({ kind: 'bad', why })
  })
})
