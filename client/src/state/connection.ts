import type { LinkStatus } from '../transport/link.ts';
import { faultOf } from './fault.ts';
import type { Connection } from './model.ts';

/** The way to the relay as the UI shows it. */
export function connectionOf(status: LinkStatus): Connection {
  return 'fault' in status ? { ...status, fault: faultOf(status.fault.code, status.fault.message) } : status;
}
