import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/build-once.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: browsers and servers under test need one of them.
    maxWorkers: 2,
  },
})
