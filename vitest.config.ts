import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{core,scenarios,workers,reports,bench,cli}/**/*.test.{ts,tsx}'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
