import { randomBytes } from 'node:crypto';
import type { Connect, Plugin } from 'vite';

/** What differs between the places a policy stands in. */
export interface PolicyParts {
  /** Origin of the relay. */
  relay: string;
  /** More sources for `connect-src`. */
  connect?: string[];
  /** Lets the development server's own inline scripts and styles through. */
  nonce?: string;
  /** Only a header can forbid framing; a `meta` element with this directive is ignored with a warning. */
  framing: boolean;
}

/** A content security policy that lets the page reach itself and one relay, and nothing else. */
export function contentPolicy({ relay, connect = [], nonce, framing }: PolicyParts): string {
  const own = nonce === undefined ? "'self'" : `'self' 'nonce-${nonce}'`;
  const directives = [
    "default-src 'self'",
    `script-src ${own}`,
    `style-src ${own}`,
    // Pictures, sound and films of messages are shown from memory; their types were checked, and none of them can run anything.
    "img-src 'self' blob:",
    'media-src blob:',
    "worker-src 'self'",
    `connect-src ${["'self'", relay, relay.replace(/^http/, 'ws'), ...connect].join(' ')}`,
    "object-src 'none'",
    "frame-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  if (framing) directives.push("frame-ancestors 'none'");
  return directives.join('; ');
}

/** Devices for this page alone: microphone and camera, and what a call may show of the screen. A `meta` element cannot say this. */
const PERMISSIONS = 'camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self)';

function headers(policy: (port: number) => string): Connect.NextHandleFunction {
  return (req, res, next) => {
    res.setHeader('Content-Security-Policy', policy(req.socket.localPort ?? 0));
    res.setHeader('Referrer-Policy', 'no-referrer');
    res.setHeader('Permissions-Policy', PERMISSIONS);
    res.setHeader('X-Content-Type-Options', 'nosniff');
    res.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    next();
  };
}

/**
 * Sets the policy as a header in development and preview, and as a `meta` element in a build.
 * @param relay origin of the relay
 */
export function securityHeaders(relay: string): Plugin {
  const nonce = randomBytes(16).toString('base64');
  let building = false;
  return {
    name: 'relay:security-headers',
    config: (_config, { command }) => {
      building = command === 'build';
      return building ? {} : { html: { cspNonce: nonce } };
    },
    configureServer(server) {
      const policy = (port: number) => {
        const reload = [`ws://localhost:${port}`, `ws://127.0.0.1:${port}`];
        return contentPolicy({ relay, connect: reload, nonce, framing: true });
      };
      server.middlewares.stack.unshift({ route: '', handle: headers(policy) });
    },
    configurePreviewServer(server) {
      const policy = () => contentPolicy({ relay, framing: true });
      server.middlewares.stack.unshift({ route: '', handle: headers(policy) });
    },
    transformIndexHtml: {
      order: 'post',
      handler: () => {
        if (!building) return [];
        const content = contentPolicy({ relay, framing: false });
        return [
          {
            tag: 'meta',
            attrs: { 'http-equiv': 'Content-Security-Policy', content },
            injectTo: 'head-prepend',
          },
        ];
      },
    },
  };
}
