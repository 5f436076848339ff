import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import { securityHeaders } from '../../../signaling/headers.ts'

const { 'Content-Security-Policy': policy = '' } = securityHeaders({ secure: false })

/** Every screen without a peer, built apart from the app: `npx vite build --config tests/e2e/gallery/vite.config.ts`. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  publicDir: fileURLToPath(new URL('../../../public', import.meta.url)),
  plugins: [tailwindcss(), svelte()],
  define: { EARSHOT_VERSION: '"0.1.0"', EARSHOT_BUILD: '"2026-11-21"' },
  build: {
    outDir: fileURLToPath(new URL('../../../dist/gallery', import.meta.url)),
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    target: 'chrome137',
  },
  // Under the policy that the introducer gives the app.
  preview: { port: 4183, strictPort: true, headers: { 'Content-Security-Policy': policy } },
})
