import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [svelte()],
  resolve: { conditions: ['browser'] },
  test: {
    // Every core: by default one is left idle, and CI's machines have two.
    maxWorkers: '100%',
    // Generous: a busy machine must not look like a mistake.
    testTimeout: 20_000,
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], environment: 'node' } },
      {
        extends: true,
        test: {
          ...{ name: 'simulation', include: ['tests/simulation/**/*.test.ts'], environment: 'node' },
          setupFiles: ['tests/simulation/same-pairs.ts'],
        },
      },
    ],
  },
})
