import { describe, expect, it } from 'vitest';
import { mediaPage } from './support/media-page.ts';

const page = mediaPage();

const PLAN = {
  voice: 32_000,
  camera: { bitrate: 300_000, height: 240, frameRate: 15 },
  screen: { bitrate: 300_000, frameRate: 10 },
};

describe('lines', () => {
  it('carry voice, camera and screen both ways, and are negotiated once', async () => {
    const seen = await page().evaluate(async (plan) => {
      const { bench } = window;
      const { begins, follows } = await bench.connected();
      const [microphone, camera] = [await bench.microphone(), await bench.camera()];
      for (const { connection } of [begins, follows]) {
        await connection.plan(plan);
        await connection.send('voice', microphone.tracks.voice);
        await connection.send('camera', camera.tracks.camera);
        await connection.send('screen', bench.drawing());
        await connection.send('screenSound', microphone.tracks.voice?.clone());
      }
      for (const { connection } of [begins, follows])
        await bench.until(async () => {
          const { frames } = await connection.report();
          return frames.camera > 0 && frames.screen > 0;
        });
      for (const { connection } of [begins, follows]) {
        await connection.send('camera', undefined);
        await connection.send('camera', bench.drawing());
      }
      const { frames } = await begins.connection.report();
      await bench.until(async () => (await begins.connection.report()).frames.camera > frames.camera);
      const kinds = ({ told, streams }: typeof begins) =>
        told.map((line) => [
          line,
          streams
            .get(line)
            ?.getTracks()
            .map(({ kind }) => kind),
        ]);
      return { asked: [begins.asked, follows.asked], kinds: [kinds(begins), kinds(follows)] };
    }, PLAN);
    const kinds = [
      ['voice', ['audio']],
      ['camera', ['video']],
      ['screen', ['video']],
      ['screenSound', ['audio']],
    ];
    expect(seen).toEqual({ asked: [1, 0], kinds: [kinds, kinds] });
  });

  it('take what was to be sent before the other side had any', async () => {
    const frames = await page().evaluate(async (plan) => {
      const { bench } = window;
      const { follows, begins } = bench.pair(bench.media);
      await follows.connection.plan(plan);
      await follows.connection.send('camera', (await bench.camera()).tracks.camera);
      await bench.until(async () => (await begins.connection.report()).frames.camera > 0);
      const { encodings } = follows.pc.getSenders()[1]?.getParameters() ?? {};
      return { height: begins.pc.getReceivers()[1]?.track.kind, bitrate: encodings?.[0]?.maxBitrate };
    }, PLAN);
    expect(frames).toEqual({ height: 'video', bitrate: PLAN.camera.bitrate });
  });

  it('send no camera under a plan without one, and again under one with', async () => {
    const active = await page().evaluate(async (plan) => {
      const { bench } = window;
      const { begins } = await bench.connected();
      await begins.connection.send('camera', (await bench.camera()).tracks.camera);
      const read = () => begins.pc.getSenders()[1]?.getParameters().encodings[0]?.active;
      await begins.connection.plan({ ...plan, camera: undefined });
      const without = read();
      await begins.connection.plan(plan);
      return [without, read()];
    }, PLAN);
    expect(active).toEqual([false, true]);
  });
});

describe('what packets tell', () => {
  it.each([32_000, 20_000])('is the same in silence and in sound at %i bits a second', async (voice) => {
    const sizes = await page().evaluate(
      async (plan) => {
        const { bench } = window;
        const { begins } = await bench.connected();
        await begins.connection.plan(plan);
        const microphone = await bench.microphone();
        await begins.connection.send('voice', microphone.tracks.voice);
        await bench.packetSizes(begins, '0', 20);
        const sound = await bench.packetSizes(begins, '0', 150);
        microphone.setEnabled(false);
        const silence = await bench.packetSizes(begins, '0', 100);
        return { sound, silence };
      },
      { ...PLAN, voice },
    );
    // 20 milliseconds of Opus.
    expect(sizes).toEqual({ sound: [voice / 400], silence: [voice / 400] });
  });

  it('holds no loudness, and asks Opus for a constant bit rate, on either side', async () => {
    const applied = await page().evaluate(async () => {
      const { begins, follows } = await window.bench.connected();
      return [begins, follows].flatMap(({ pc }) => [
        pc.currentLocalDescription?.sdp ?? '',
        pc.currentRemoteDescription?.sdp ?? '',
      ]);
    });
    expect(applied).toHaveLength(4);
    for (const sdp of applied) {
      expect(sdp).not.toContain('audio-level');
      expect(sdp.match(/a=rtpmap:\d+ (\w+)/g)?.map((line) => line.split(' ')[1])).toEqual([
        'opus',
        'VP8',
        'rtx',
        'VP8',
        'rtx',
        'opus',
      ]);
      expect(sdp.match(/cbr=1/g)).toHaveLength(2);
      expect(sdp.match(/usedtx=0/g)).toHaveLength(2);
    }
  });
});

describe('certificates', () => {
  it('are genuine once connected, and not before, nor when another one is there', async () => {
    const genuine = await page().evaluate(async () => {
      const { bench } = window;
      const { begins, follows } = bench.pair(bench.media);
      const before = await begins.connection.isGenuine();
      await bench.until(() => begins.pc.connectionState === 'connected');
      await bench.until(() => follows.pc.connectionState === 'connected');
      const after = [await begins.connection.isGenuine(), await follows.connection.isGenuine()];
      const { getRemoteCertificates } = RTCDtlsTransport.prototype;
      RTCDtlsTransport.prototype.getRemoteCertificates = () => [new Uint8Array(300).buffer];
      const other = await begins.connection.isGenuine();
      RTCDtlsTransport.prototype.getRemoteCertificates = getRemoteCertificates;
      return { before, after, other };
    });
    expect(genuine).toEqual({ before: undefined, after: [true, true], other: false });
  });

  it('are awaited where the transport tells later than the connection that it stands', async () => {
    const seen = await page().evaluate(async () => {
      const { bench } = window;
      const { begins } = await bench.connected();
      const transport = begins.pc.getSenders()[0]?.transport;
      const late = (state: RTCDtlsTransportState | undefined) => {
        if (state === undefined) Reflect.deleteProperty(transport ?? {}, 'state');
        else Object.defineProperty(transport, 'state', { configurable: true, get: () => state });
        transport?.dispatchEvent(new Event('statechange'));
      };
      late('connecting');
      const seen: unknown[] = [];
      const judged = begins.connection.isGenuine().then((isGenuine) => seen.push(isGenuine));
      late('connecting');
      await new Promise((resolve) => setTimeout(resolve, 50));
      seen.push('not yet');
      late(undefined);
      await judged;
      late('failed');
      seen.push(await begins.connection.isGenuine());
      return seen;
    });
    expect(seen).toEqual(['not yet', true, undefined]);
  });

  it('are refused when there are two, none, or another one than before', async () => {
    const codes = await page().evaluate(async () => {
      const { bench } = window;
      const { begins, follows } = await bench.connected();
      const offer = await begins.connection.describe();
      const [line = ''] = /a=fingerprint:.*/.exec(offer.sdp) ?? [];
      const flip = (digit: string) => (digit === '0' ? '1' : '0');
      const other = line.replace(/.$/, flip);
      const attempts = [
        bench.changed(offer, line, `${line}\r\n${other}`),
        bench.changed(offer, /a=fingerprint:.*\r\n/g, ''),
        { type: offer.type, sdp: offer.sdp.replaceAll(line, other) },
        bench.changed(offer, 'm=audio', 'm=application'),
        bench.changed(offer, /$/, 'nonsense\r\n'),
      ];
      const codes: unknown[] = [];
      for (const attempt of attempts)
        codes.push(await bench.errorOf(() => follows.connection.accept(attempt)));
      return [...codes, follows.connection.signaling];
    });
    expect(codes).toEqual([...Array(5).fill('description_refused'), 'stable']);
  });
});

describe('negotiation', () => {
  it('gives way to an offer that crosses an own one', async () => {
    const ends = await page().evaluate(async () => {
      const { begins, follows } = await window.bench.connected();
      await follows.connection.describe();
      const open = follows.connection.signaling;
      await window.bench.negotiate(begins.connection, follows.connection);
      return [open, begins.connection.signaling, follows.connection.signaling, begins.pc.connectionState];
    });
    expect(ends).toEqual(['have-local-offer', 'stable', 'stable', 'connected']);
  });

  it('gathers anew after a restart from either side, under other credentials', async () => {
    const names = await page().evaluate(async () => {
      const { bench } = window;
      const { begins, follows } = await bench.connected();
      const ufrag = () => /a=ice-ufrag:(.*)/.exec(begins.pc.currentLocalDescription?.sdp ?? '')?.[1];
      const seen = [ufrag()];
      for (const { connection } of [begins, follows]) {
        const last = ufrag();
        connection.setServers([{ urls: ['turn:127.0.0.1:9'], username: 'u', credential: 'c' }]);
        connection.restart();
        await bench.until(() => ufrag() !== last && begins.connection.signaling === 'stable');
        seen.push(ufrag());
      }
      return { different: new Set(seen).size, state: begins.pc.connectionState };
    });
    expect(names).toEqual({ different: 3, state: 'connected' });
  });

  it('hears that the other side has ended it, and of the silence after that nothing', async () => {
    const states = await page().evaluate(async () => {
      const { bench } = window;
      const { begins, follows } = await bench.connected();
      // Listening for the end begins with what stands.
      await bench.until(() => begins.states.includes('connected'));
      follows.connection.close();
      await bench.until(() => begins.pc.connectionState === 'disconnected');
      return [begins.states.slice(-2), follows.states.at(-1)];
    });
    expect(states).toEqual([['connected', 'closed'], 'connected']);
  });

  it('forgets candidates that fit nothing, and descriptions after the end', async () => {
    const ended = await page().evaluate(async () => {
      const { begins, follows } = await window.bench.connected();
      const offer = await begins.connection.describe();
      await follows.connection.addCandidate({ candidate: 'candidate:nonsense', mid: '9', ufrag: 'x' });
      follows.connection.close();
      await follows.connection.accept(offer);
      follows.connection.setServers([]);
      return [follows.connection.signaling, await follows.connection.isGenuine()];
    });
    expect(ended).toEqual(['closed', undefined]);
  });
});
