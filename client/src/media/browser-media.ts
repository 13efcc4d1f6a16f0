/** The media of browsers. */
import { openCamera, openMicrophone, openScreen } from './capture.ts';
import { BrowserConnection } from './connection.ts';
import { listDevices, onDevices, onNetwork } from './devices.ts';
import type { Media } from './media.ts';
import { Meters } from './meter.ts';
import { Ringer } from './ring.ts';
import { tryServers } from './try-servers.ts';

/** Devices need a page by HTTPS or on this machine; a certificate that cannot be compared is no call. */
function isSupported(): boolean {
  return (
    typeof RTCPeerConnection === 'function' &&
    typeof RTCDtlsTransport === 'function' &&
    'getRemoteCertificates' in RTCDtlsTransport.prototype &&
    typeof navigator.mediaDevices?.getUserMedia === 'function'
  );
}

/** Everything of this browser that calls need. */
export function browserMedia(): Media {
  const meters = new Meters();
  const ringer = new Ringer();
  return {
    isSupported: isSupported(),
    devices: listDevices,
    onDevices,
    onNetwork,
    openMicrophone,
    openCamera,
    openScreen,
    meter: (stream) => meters.open(stream),
    connect: (options, events) => new BrowserConnection(options, events),
    tryServers: (servers, signal) => tryServers(servers, signal),
    ring: (tone) => ringer.ring(tone),
  };
}
