// Usage: node client-server.ts CACHE [still]
// The client's own development server, with a cache of its own so that several can run side by side. With `still` it does not follow
// changes of the sources, so that nothing reloads in the middle of a test.
import { createServer } from 'vite';
import { CLIENT } from './client.ts';

const [cacheDir = '', mode] = process.argv.slice(2);

const server = await createServer({
  root: CLIENT,
  configFile: `${CLIENT}/vite.config.ts`,
  cacheDir,
  clearScreen: false,
  server: mode === 'still' ? { watch: null } : {},
});
const stop = () => void server.close().finally(() => process.exit(0));
process.on('SIGTERM', stop).on('SIGINT', stop);
await server.listen();
server.printUrls();
