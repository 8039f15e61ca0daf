import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const SERVER = process.env['NEXTMOVE_SERVER'] ?? 'http://127.0.0.1:3000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    chunkSizeWarningLimit: 700,
    // A door (index.ts) re-exports a whole room; only what a screen uses of it may reach the browser.
    rolldownOptions: { treeshake: { moduleSideEffects: [{ test: /\/packages\//, sideEffects: false }] } },
  },
  server: {
    proxy: Object.fromEntries(['/api', '/intake', '/f/', '/healthz'].map((path) => [path, { target: SERVER, changeOrigin: false }])),
  },
})
