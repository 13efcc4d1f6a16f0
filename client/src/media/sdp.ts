/**
 * Relay's rules for session descriptions and candidates (SPEC.md §21.4), on texts alone: what is applied tells nothing of loudness, Opus keeps its
 * bit rate, a description names one certificate, and no address leaves that should not.
 */
import { RelayError } from '@relay/protocol';
import type { Line } from './media.ts';

/** The lines of every connection, in their order in the description. */
export const LINES = ['voice', 'camera', 'screen', 'screenSound'] as const satisfies readonly Line[];

/** What a line carries. */
export function kindOf(line: Line): 'audio' | 'video' {
  return line === 'voice' || line === 'screenSound' ? 'audio' : 'video';
}

/** Header extensions that would show how loud somebody speaks to whoever sees the packets (RFC 6464, RFC 6465). */
export const LOUDNESS_EXTENSIONS: readonly string[] = [
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'urn:ietf:params:rtp-hdrext:csrc-audio-level',
];

/**
 * All that Opus is told (RFC 7587), in place of whatever a browser or the other side would say. An encoder obeys the description of the other side:
 * both lines are written into what is sent and into what is received. Firefox takes a missing `maxplaybackrate` for none at all, and does not know
 * `cbr`: its packets vary.
 */
const OPUS_ALWAYS = 'maxplaybackrate=48000;minptime=10;useinbandfec=1;cbr=1;usedtx=0';
const OPUS: Partial<Record<Line, string>> = {
  voice: `${OPUS_ALWAYS};stereo=0;sprop-stereo=0;maxaveragebitrate=32000`,
  screenSound: `${OPUS_ALWAYS};stereo=1;sprop-stereo=1;maxaveragebitrate=64000`,
};

/** Its part before the first `m=` line, then one part for each of them. Every line ends without its line break. */
function sectionsOf(sdp: string): string[][] {
  const sections: string[][] = [[]];
  for (const line of sdp.split(/\r?\n/)) {
    if (line === '') continue;
    if (line.startsWith('m=')) sections.push([]);
    sections.at(-1)?.push(line);
  }
  return sections;
}

const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\r\n`).join('');

/** Whether an extmap line is of one of {@link LOUDNESS_EXTENSIONS}; parameters may follow the name. */
function isLoudness(line: string): boolean {
  const [, name = ''] = /^a=extmap:\S+\s+(\S+)/i.exec(line) ?? [];
  return LOUDNESS_EXTENSIONS.includes(name.toLowerCase());
}

/** Without what is said of payload types that the line does not have: Firefox forgets some where codecs were chosen, and Chromium refuses it all. */
function ofListedTypes(section: readonly string[]): string[] {
  const types = new Set((section[0] ?? '').split(' ').slice(3));
  return section.filter((line) => {
    const [, type = '*'] = /^a=(?:rtpmap|fmtp|rtcp-fb):(\S+)/.exec(line) ?? [];
    return type === '*' || types.has(type);
  });
}

function constantOpus(section: readonly string[], fmtp: string): string[] {
  const types = section.flatMap((line) => /^a=rtpmap:(\d+) opus\/48000/i.exec(line)?.[1] ?? []);
  return section.flatMap((line) => {
    if (/^a=(max)?ptime:/.test(line)) return [];
    const [, attribute, type = ''] = /^a=(rtpmap|fmtp):(\d+) /.exec(line) ?? [];
    if (attribute === undefined || !types.includes(type)) return [line];
    return attribute === 'fmtp' ? [] : [line, `a=fmtp:${type} ${fmtp}`];
  });
}

/**
 * A description as it is applied, on either side: without loudness, with Opus at a constant bit rate without pauses, and with nothing of codecs that were
 * not chosen.
 * @param sdp of a description with {@link LINES}
 */
export function tame(sdp: string): string {
  const [session = [], ...media] = sectionsOf(sdp);
  const tamed = media.map(ofListedTypes).map((section, i) => {
    const fmtp = OPUS[LINES[i] ?? 'camera'];
    return fmtp === undefined ? section : constantOpus(section, fmtp);
  });
  return textOf([session, ...tamed].flat().filter((line) => !isLoudness(line)));
}

/** A tamed description as it leaves: candidates travel by themselves, and no address of a chosen one stands in it. */
export function withoutAddresses(sdp: string): string {
  const lines = sectionsOf(sdp).flat();
  return textOf(
    lines
      .filter((line) => !/^a=(candidate|remote-candidates|end-of-candidates)\b/.test(line))
      .map((line) =>
        line
          .replace(/^o=(\S+) (\S+) (\S+) .*$/, 'o=- $2 $3 IN IP4 0.0.0.0')
          .replace(/^c=.*$/, 'c=IN IP4 0.0.0.0')
          .replace(/^a=rtcp:.*$/, 'a=rtcp:9 IN IP4 0.0.0.0')
          .replace(/^(m=\S+) [1-9]\d* /, '$1 9 '),
      ),
  );
}

const refused = (reason: string) =>
  new RelayError('description_refused', `A member’s description of its media was refused: ${reason}`);

/** Whether its `m=` lines are {@link LINES}. */
function hasLines(media: readonly string[][]): boolean {
  const kinds = media.map(([first = '']) => first.slice(2).split(' ')[0]);
  return kinds.length === LINES.length && LINES.every((line, i) => kinds[i] === kindOf(line));
}

/**
 * The certificate that a description names, for the whole of it.
 * @returns SHA-256 as lower-case hexadecimal, 64 characters
 * @throws RelayError `description_refused` unless there is exactly one, for every line, and the lines are those of a call
 */
export function fingerprintOf(sdp: string): string {
  // A reader that is more lenient than this one must find no more than this one does.
  if (/[^\t\r\n -\u{10ffff}]|\r(?!\n)/u.test(sdp)) throw refused('it holds control characters.');
  const [session = [], ...media] = sectionsOf(sdp);
  if (!hasLines(media)) throw refused('its lines are not those of a call.');
  const found = [session, ...media].map((section) =>
    section.flatMap(
      (line) => /^a=fingerprint:sha-256 ((?:[\da-f]{2}:){31}[\da-f]{2})$/i.exec(line)?.[1] ?? [],
    ),
  );
  const all = found.flat();
  const values = new Set(all.map((value) => value.replaceAll(':', '').toLowerCase()));
  const [first] = values;
  const mentions = sdp.match(/fingerprint/gi)?.length;
  if (first === undefined || values.size !== 1 || mentions !== all.length)
    throw refused('it must name exactly one certificate.');
  const [atSession = [], ...inMedia] = found;
  if (atSession.length === 0 && inMedia.some(({ length }) => length === 0))
    throw refused('it names no certificate for some of its lines.');
  return first;
}

/**
 * A candidate as it may leave.
 * @param candidate as the browser tells it; an empty one ends a generation
 * @param relayOnly lets nothing through but addresses of the relay for calls
 * @returns undefined for one that stays here
 */
export function shareable(candidate: string, relayOnly: boolean): string | undefined {
  const [, component, type] = /^candidate:\S+ (\d+) \S+ \d+ \S+ \d+ typ (\S+)/.exec(candidate) ?? [];
  // RTCP is multiplexed: there is no second component.
  if (component !== '1' || (relayOnly && type !== 'relay')) return undefined;
  // Of a relayed one, these tell where its owner is.
  return candidate.replace(/ raddr \S+ rport \d+/, ' raddr 0.0.0.0 rport 0');
}
