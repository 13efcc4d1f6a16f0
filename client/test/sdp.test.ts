import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRelayError } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, shareable, tame, withoutAddresses } from '../src/media/sdp.ts';

/** As the browsers made them for the four lines, before any rule. A checkout may have changed their line breaks. */
const NAMES = ['firefox-offer', 'firefox-answer', 'chromium-offer', 'chromium-answer'] as const;
const read = (name: (typeof NAMES)[number]) =>
  readFileSync(join(import.meta.dirname, `fixtures/sdp/${name}.sdp`), 'utf8').replace(/\r?\n/g, '\r\n');

const count = (sdp: string, what: RegExp) => sdp.match(what)?.length ?? 0;
const FIREFOX = read('firefox-offer');
const CHROMIUM = read('chromium-offer');
const lineOf = (sdp: string) => /a=fingerprint:.*\r\n/.exec(sdp)?.[0] ?? '';

function isRefused(sdp: string): boolean {
  try {
    fingerprintOf(sdp);
    return false;
  } catch (error) {
    if (isRelayError(error, 'description_refused')) return true;
    throw error;
  }
}

describe.each(NAMES)('the %s', (name) => {
  const sdp = read(name);

  it('loses its loudness and keeps its other extensions', () => {
    const extensions = (text: string) => text.match(/^a=extmap:.*$/gm) ?? [];
    expect(sdp).toContain('ssrc-audio-level');
    expect(extensions(tame(sdp))).toEqual(extensions(sdp).filter((line) => !line.includes('audio-level')));
  });

  it('has Opus at a constant bit rate on both lines, whatever it said before', () => {
    const fmtps = tame(sdp).match(/^a=fmtp:(109|111) (?!apt=).*$/gm);
    expect(fmtps?.map((line) => line.split(' ')[1])).toEqual([
      'maxplaybackrate=48000;minptime=10;useinbandfec=1;cbr=1;usedtx=0;stereo=0;sprop-stereo=0;maxaveragebitrate=32000',
      'maxplaybackrate=48000;minptime=10;useinbandfec=1;cbr=1;usedtx=0;stereo=1;sprop-stereo=1;maxaveragebitrate=64000',
    ]);
  });

  it('changes in nothing else, and not again', () => {
    const rest = (text: string) =>
      text.split('\r\n').filter((line) => !/audio-level|^a=fmtp:(109|111) (?!apt=)/.test(line));
    expect(rest(tame(sdp))).toEqual(rest(sdp));
    expect(tame(tame(sdp))).toBe(tame(sdp));
  });

  it('names one certificate', () => {
    expect(fingerprintOf(sdp)).toMatch(/^[\da-f]{64}$/);
    expect(fingerprintOf(tame(sdp))).toBe(fingerprintOf(sdp));
  });
});

describe('Opus', () => {
  it('is told even where nothing was said, and packets keep their length', () => {
    const silent = CHROMIUM.replace(/a=fmtp:111.*\r\n/g, '').replace(
      'a=mid:0\r\n',
      'a=mid:0\r\na=ptime:60\r\na=maxptime:120\r\n',
    );
    const tamed = tame(silent);
    expect(count(tamed, /^a=fmtp:111 .*cbr=1;usedtx=0/gm)).toBe(2);
    expect(tamed).not.toMatch(/a=(max)?ptime/);
  });

  it('obeys no second word, before or after the first', () => {
    const hostile = CHROMIUM.replace(
      'a=rtpmap:111 opus/48000/2\r\n',
      'a=fmtp:111 cbr=0;usedtx=1\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 usedtx=1\r\n',
    );
    expect(tame(hostile)).toBe(tame(CHROMIUM));
  });

  it('loses loudness in any spelling', () => {
    const spelled = CHROMIUM.replace(
      'a=mid:0\r\n',
      'a=mid:0\r\na=extmap:9/sendrecv  URN:ietf:params:rtp-hdrext:SSRC-audio-level vad=on\r\n',
    );
    expect(tame(spelled)).toBe(tame(CHROMIUM));
  });
});

describe('codecs that were not chosen', () => {
  it('are not spoken of: Firefox leaves some behind, and Chromium takes no description with them', () => {
    const left = CHROMIUM.replace(
      'a=mid:1\r\n',
      'a=mid:1\r\na=rtcp-fb:199 nack pli\r\na=fmtp:199 apt=198\r\na=rtpmap:199 rtx/90000\r\n',
    );
    expect(left).not.toBe(CHROMIUM);
    expect(tame(left)).toBe(tame(CHROMIUM));
  });

  it('leave alone what is said of all', () => {
    const all = CHROMIUM.replace('a=mid:1\r\n', 'a=mid:1\r\na=rtcp-fb:* nack\r\n');
    expect(tame(all)).toContain('a=rtcp-fb:* nack\r\n');
  });
});

describe('a certificate', () => {
  it('may stand for the whole (Firefox), for each line (Chromium), or in both places', () => {
    expect(count(FIREFOX, /a=fingerprint/g)).toBe(1);
    expect(count(CHROMIUM, /a=fingerprint/g)).toBe(4);
    const both = FIREFOX.replace('a=mid:2\r\n', `a=mid:2\r\n${lineOf(FIREFOX).toLowerCase()}`);
    expect(fingerprintOf(both)).toBe(fingerprintOf(FIREFOX));
  });

  const own = lineOf(FIREFOX);
  const other = lineOf(CHROMIUM);
  it.each<[string, string]>([
    ['a second one for the whole', FIREFOX.replace(own, own + other)],
    ['a second one for a line', FIREFOX.replace('a=mid:3\r\n', `a=mid:3\r\n${other}`)],
    ['another one for one line', CHROMIUM.replace(other, own)],
    ['none', FIREFOX.replace(own, '')],
    ['none for one line', CHROMIUM.replace(other, '')],
    ['another hash', FIREFOX.replace('sha-256', 'sha-512')],
    ['a second one by another hash', FIREFOX.replace(own, `${own}a=fingerprint:sha-1 AB:CD\r\n`)],
    ['a hash cut short', FIREFOX.replace(/(a=fingerprint:.*):..\r/, '$1\r')],
    ['a second one in another spelling', FIREFOX.replace(own, `${own}a=Fingerprint:${other.slice(14)}`)],
    ['a second one behind a space', FIREFOX.replace(own, `${own} ${other}`)],
    ['a second one behind a bare carriage return', FIREFOX.replace('a=mid:0\r\n', `a=mid:0\r${other}`)],
    ['a zero byte', FIREFOX.replace('a=mid:0', 'a=mid:0\0')],
  ])('is refused with %s', (_, sdp) => {
    expect(sdp).not.toBe(FIREFOX);
    expect(isRefused(sdp)).toBe(true);
  });

  it.each<[string, string]>([
    ['a line too many', `${CHROMIUM}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n`],
    ['a line too few', CHROMIUM.slice(0, CHROMIUM.lastIndexOf('m=audio'))],
    ['a data channel', CHROMIUM.replace('m=video', 'm=application')],
    ['nothing', ''],
  ])('is refused with lines that are not those of a call: %s', (_, sdp) => {
    expect(isRefused(sdp)).toBe(true);
  });
});

describe('addresses', () => {
  it('do not leave in a description', () => {
    const found = `${CHROMIUM.replace('o=- ', 'o=me ')
      .replaceAll('IN IP4 0.0.0.0', 'IN IP4 192.0.2.7')
      .replace('127.0.0.1', '192.0.2.7')
      .replace(
        'm=audio 9 ',
        'm=audio 50123 ',
      )}a=candidate:1 1 udp 1 192.0.2.7 50123 typ host\r\na=end-of-candidates\r\n`;
    const sent = withoutAddresses(found);
    expect(sent).not.toMatch(/192\.0\.2\.7|50123|candidate:|end-of/);
    expect(withoutAddresses(sent)).toBe(sent);
    expect(fingerprintOf(sent)).toBe(fingerprintOf(CHROMIUM));
    expect(withoutAddresses(FIREFOX)).toContain('m=video 0 UDP');
  });

  const HOST = 'candidate:1 1 udp 2122260223 192.0.2.7 50123 typ host generation 0 ufrag ab';
  const RELAY =
    'candidate:2 1 udp 41885439 198.51.100.1 49200 typ relay raddr 192.0.2.7 rport 50123 generation 0';

  it('leave as those of the relay for calls alone, without their owner’s', () => {
    expect(shareable(HOST, true)).toBeUndefined();
    expect(shareable(HOST.replace('host', 'srflx raddr 192.0.2.7 rport 1'), true)).toBeUndefined();
    expect(shareable(RELAY, true)).toBe(
      'candidate:2 1 udp 41885439 198.51.100.1 49200 typ relay raddr 0.0.0.0 rport 0 generation 0',
    );
  });

  it('leave also as this machine’s own in direct mode', () => {
    expect(shareable(HOST, false)).toBe(HOST);
    expect(shareable(HOST.replace(' 1 udp', ' 2 udp'), false)).toBeUndefined();
    expect(shareable('', false)).toBeUndefined();
  });
});
