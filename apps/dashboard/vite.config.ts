import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

/** Where the daemon of this checkout listens (`pnpm dev`); see scripts/cpk. */
const daemon = `http://127.0.0.1:${process.env.CPK_DEV_PORT || 41921}`;

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['@codepakt/source', ...defaultClientConditions] },
  build: {
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The Content-Security-Policy lets no font or script in from a data: URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What is bundled keeps its authors' words; the font's lie in public/.
    license: { fileName: 'licenses.md' },
    reportCompressedSize: false,
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '^/(api|health|login)': {
        target: daemon,
        changeOrigin: true,
        // The daemon refuses pages of other origins, which the development server is to it.
        headers: { origin: daemon, 'sec-fetch-site': 'same-origin' },
      },
    },
  },
});
