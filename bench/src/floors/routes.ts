/** Paths of the bare server, all POST but the page. */
export const FLOOR_ROUTES = {
  /** An empty page, for what is measured in a browser. */
  page: '/page',
  /** Reads an upload and forgets it. */
  sink: '/sink',
  /** Spends a ticket and stores a blob. */
  upload: '/upload',
  /** Sells a ticket. */
  ticket: '/ticket',
  /** Streams blobs out of the database. */
  fetch: '/fetch',
  /** Streams as many bytes out of memory. */
  buffers: '/buffers',
  /** An answer that never ends: a few bytes for every blob that arrives. */
  events: '/events',
} as const;

/** Header with the ticket, in hexadecimal. */
export const TICKET_HEADER = 'x-ticket';

/** Requests at once, and connections to the database: as many as the relay's own pool has. */
export const CONNECTIONS = 16;
