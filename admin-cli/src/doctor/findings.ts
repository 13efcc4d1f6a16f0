import { apiFindings } from './areas/api.ts';
import { certificateFindings } from './areas/certificate.ts';
import { clockFindings } from './areas/clock.ts';
import { coturnFindings } from './areas/coturn.ts';
import { databaseFindings } from './areas/database.ts';
import { diskFindings } from './areas/disk.ts';
import { engineFindings } from './areas/engine.ts';
import { originsFindings } from './areas/origins.ts';
import { portsFindings } from './areas/ports.ts';
import { relayRangeFindings } from './areas/relay-range.ts';
import { secretsFindings } from './areas/secrets.ts';
import { servicesFindings } from './areas/services.ts';
import { turnFindings } from './areas/turn.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';

/**
 * Everything that the facts tell, area by area. Pure.
 * @param rotationPeriod seconds between two rotations of the TURN secret by the schedule; undefined where there are none
 */
export function findingsFrom(facts: Facts, rotationPeriod: number | undefined): Finding[] {
  return [
    ...engineFindings(facts),
    ...servicesFindings(facts),
    ...databaseFindings(facts),
    ...diskFindings(facts),
    ...clockFindings(facts),
    ...portsFindings(facts),
    ...apiFindings(facts),
    ...turnFindings(facts),
    ...certificateFindings(facts),
    ...originsFindings(facts),
    ...secretsFindings(facts, rotationPeriod),
    ...coturnFindings(facts),
    ...relayRangeFindings(facts),
  ];
}
