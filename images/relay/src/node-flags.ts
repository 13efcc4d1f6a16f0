/**
 * How Node runs the relay. Blobs pass through as many small buffers outside V8's heap, for which V8 by itself collects the whole heap several times a second, at
 * the cost of everybody who is served meanwhile. A small space for what is young lets them go early and cheaply, and what they take counts as the heap does.
 */
export const NODE_FLAGS = ['--max-semi-space-size=1', '--external-memory-accounted-in-global-limit'] as const;
