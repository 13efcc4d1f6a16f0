/** Settings of the appliance's other parts that begin like those of the relay: one `.env` may hold them all. */
export const OTHER_PARTS: readonly string[] = [
  'TURN_MIN_PORT',
  'TURN_MAX_PORT',
  'TURN_EXTERNAL_IP',
  'TURN_LISTEN_IP',
  'TURN_REALM',
  'TURN_USER_QUOTA',
  'TURN_TOTAL_QUOTA',
  'TURN_MAX_BPS',
  'TURN_LOG',
  'TURN_ALLOW_LOOPBACK',
];
