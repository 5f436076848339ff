import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig, type Plugin } from 'vite'
import { VitePWA, type ManifestOptions } from 'vite-plugin-pwa'

const OUT = 'dist/app'
/** Where `npm start` listens: in development its introductions are used. */
const INTRODUCER = 'localhost:8080'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  version: string
}

const manifest: Partial<ManifestOptions> = {
  id: '/',
  name: 'Earshot',
  short_name: 'Earshot',
  description: 'Private messages, files and calls, straight from device to device.',
  start_url: '/',
  scope: '/',
  lang: 'en',
  display: 'standalone',
  theme_color: '#fbf9f6',
  background_color: '#fbf9f6',
  categories: ['social', 'communication'],
  launch_handler: { client_mode: 'focus-existing' },
  icons: [
    { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
    { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
    { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    { src: '/icons/favicon.svg', sizes: 'any', type: 'image/svg+xml' },
  ],
  screenshots: [
    {
      src: '/screenshots/wide.png',
      sizes: '1280x800',
      type: 'image/png',
      form_factor: 'wide',
      label: 'A chat',
    },
    {
      src: '/screenshots/narrow.png',
      sizes: '780x1688',
      type: 'image/png',
      form_factor: 'narrow',
      label: 'A chat',
    },
  ],
  shortcuts: [
    { name: 'Add contact', url: '/?do=add', icons: [{ src: '/icons/icon-192.png', sizes: '192x192' }] },
  ],
}

/** Writes what a browser can be given already packed, so that the server never has to. */
function packed(folder: string): Plugin {
  const PACKABLE = /\.(?:js|css|html|svg|json|webmanifest)$/
  return {
    name: 'packed',
    apply: 'build',
    closeBundle: {
      // After the service worker was written.
      order: 'post',
      sequential: true,
      handler: () => {
        for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
          if (!PACKABLE.test(name)) continue
          const bytes = readFileSync(join(folder, name))
          writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }))
          writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes))
        }
      },
    },
  }
}

/**
 * Libraries for WebRTC bring public servers as defaults. We always say which to ask, so none of those is shipped; a
 * library that names them in another way stops the build.
 */
function ownServersOnly(): Plugin {
  const LIBRARY = /[\\/]node_modules[\\/](?:peerjs|simple-peer)[\\/]/
  const SERVERS = /iceServers:\s*\[\s*\{[^[\]]*(?:\[[^\]]*\][^[\]]*)*\]/g
  return {
    name: 'own-servers-only',
    transform: (code, id) => (LIBRARY.test(id) ? code.replace(SERVERS, 'iceServers: []') : undefined),
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle))
        if (file.type === 'chunk' && /['"`](?:stun|turn)s?:\w+\./.test(file.code))
          this.error(`${file.fileName} names a public server`)
    },
  }
}

export default defineConfig({
  plugins: [
    ownServersOnly(),
    tailwindcss(),
    svelte(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/sw',
      filename: 'sw.ts',
      registerType: 'prompt',
      // Registered by features/install, through the policy of the page for trusted URLs.
      injectRegister: false,
      manifest,
      includeManifestIcons: false,
      injectManifest: { globPatterns: ['**/*.{js,css,html,svg}', 'icons/*.png'] },
    }),
    packed(OUT),
  ],
  define: {
    EARSHOT_VERSION: JSON.stringify(version),
    EARSHOT_BUILD: JSON.stringify(new Date().toISOString().slice(0, 10)),
  },
  build: {
    outDir: OUT,
    target: ['chrome137', 'firefox130', 'safari18'],
    modulePreload: { polyfill: false },
    // Nothing comes as a data URL: the policy of the page allows that for pictures alone.
    assetsInlineLimit: 0,
    rolldownOptions: {
      // Lets a part be taken out of a bigger file without a copy of its names.
      preserveEntrySignatures: 'allow-extension',
      output: {
        // Few files: each one costs a request at the first visit, when the service worker keeps them all.
        codeSplitting: {
          groups: [
            { name: 'first', tags: ['$initial'], priority: 4 },
            { name: 'engine', test: /src[\\/]running\.ts$/, priority: 3 },
            { name: 'chat', test: /src[\\/]OpenChat\.svelte$/, priority: 2 },
            { name: 'dialogs', test: /src[\\/](?:features|ui)[\\/]/, priority: 1 },
          ],
        },
      },
    },
  },
  worker: { format: 'es' },
  server: {
    proxy: {
      '/config': `http://${INTRODUCER}`,
      '/peerjs': { target: `ws://${INTRODUCER}`, ws: true },
    },
  },
})
