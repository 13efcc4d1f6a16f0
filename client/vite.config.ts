import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv } from 'vite';
import { z } from 'zod';
import { parseConfig } from './src/config.ts';
import { identityGuard } from './vite/identity-guard.ts';
import { secretFreeBuild } from './vite/secret-free-build.ts';
import { securityHeaders } from './vite/security-headers.ts';

const root = import.meta.dirname;

const environment = z.object({
  /** The port of the page. */
  PORT: z.coerce.number().int().min(1).max(65_535).default(5173),
  /** Another identity file than `public/identity/identity.bin`, so that two members can run side by side. */
  RELAY_IDENTITY_FILE: z.string().min(1).optional(),
});

export default defineConfig(({ mode }) => {
  const { PORT: port, RELAY_IDENTITY_FILE } = environment.parse(process.env);
  const { apiUrl } = parseConfig(loadEnv(mode, root, 'VITE_'));
  const address = { host: 'localhost', port, strictPort: true };
  return {
    root,
    plugins: [react(), securityHeaders(apiUrl), identityGuard(RELAY_IDENTITY_FILE), secretFreeBuild()],
    server: {
      ...address,
      // Not the whole repository, which may hold a demonstration's identities.
      fs: { allow: [root, join(root, '../protocol'), join(root, '../node_modules')] },
    },
    preview: address,
    worker: { format: 'es' },
    build: { assetsInlineLimit: 0 },
  };
});
