/** How long tests wait for what must come: long enough for two cores that encode and decode several pictures at once. */
export const PATIENT = { timeout: 120_000, interval: 100 };
