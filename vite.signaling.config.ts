import { defineConfig } from 'vite'

/** Bundles the introducer into one file that plain Node ≥ 20.19 runs; its npm dependencies stay in node_modules. */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: 'signaling/main.ts',
    outDir: 'dist/signaling',
    emptyOutDir: true,
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: 'main.js' } },
  },
})
