import { isLabel, MAX_MEMBERS, MIN_MEMBERS } from '@relay/protocol';
import { UserFault } from '../faults.ts';

/** Members of a circle when nothing else is asked for. */
export const DEFAULT_MEMBERS = 20;

/** The labels of members that nobody named: `Member 01`, `Member 02`, … */
export function numberedLabels(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `Member ${String(i + 1).padStart(2, '0')}`);
}

/**
 * The labels in a text, one in each line; empty lines and spaces around a label do not count.
 * @param text UTF-8, LF or CRLF
 * @param count how many there have to be, where that was said
 * @throws UserFault `labels_invalid`
 */
export function parseLabels(text: string, count?: number): string[] {
  const labels: string[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    const label = line.trim();
    if (label === '') continue;
    if (!isLabel(label)) {
      throw invalid(`Line ${i + 1} of the labels is no label: use 1 to 64 bytes without control characters.`);
    }
    if (labels.includes(label))
      throw invalid(`Line ${i + 1} of the labels repeats “${label}”. Tell them apart.`);
    labels.push(label);
  }
  if (count !== undefined && labels.length !== count) {
    throw invalid(
      `There are ${labels.length} labels, but --count says ${count}. Leave --count out, or mend one.`,
    );
  }
  if (labels.length < MIN_MEMBERS || labels.length > MAX_MEMBERS) {
    throw invalid(
      `There are ${labels.length} labels; a circle has ${MIN_MEMBERS} to ${MAX_MEMBERS} members.`,
    );
  }
  return labels;
}

function invalid(message: string): UserFault {
  return new UserFault('labels_invalid', message);
}
