import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { mockServer } from './mock/server.ts';

const server = process.env.VARVE_SERVER ?? 'http://127.0.0.1:8080';
const mocked = process.env.VARVE_UI_MOCK === '1';

/** `npm run dev` talks to a running Varve; `VARVE_UI_MOCK=1 npm run dev` needs none. The mock is never built in. */
export default defineConfig({
  plugins: [react(), ...(mocked ? [mockServer()] : [])],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: mocked ? undefined : { '/api': server, '/q': server } },
  build: {
    target: 'es2022',
    // Not `assets`: that is the address of a page.
    assetsDir: 'static',
    // Nothing inlined: the content security policy allows our own origin only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  test: { include: ['src/**/*.test.{ts,tsx}'] },
});
