/** A picture with a place in its metadata, as a phone makes one. */
import type { Page } from 'playwright-core';

/** What its metadata say, in clear. */
export const PLACE = 'N 52.5163 E 13.3777 in the garden';

/**
 * Draws a JPEG in the page and puts metadata (Exif and a comment) into it.
 * @param page any page of the browser
 */
export async function pictureWithPlace(page: Page): Promise<Buffer> {
  const drawn = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(480, 320);
    const pen = canvas.getContext('2d');
    if (pen === null) throw new Error('no canvas');
    const sky = pen.createLinearGradient(0, 0, 0, 320);
    sky.addColorStop(0, '#f6b26b');
    sky.addColorStop(0.6, '#f4d9b1');
    sky.addColorStop(1, '#2f6f7e');
    pen.fillStyle = sky;
    pen.fillRect(0, 0, 480, 320);
    pen.fillStyle = '#fff6dd';
    pen.beginPath();
    pen.arc(330, 130, 42, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = '#234';
    pen.fillRect(96, 92, 26, 150);
    pen.fillStyle = '#c0392b';
    pen.fillRect(88, 70, 42, 28);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  const picture = Buffer.from(drawn);
  return Buffer.concat([
    picture.subarray(0, 2),
    segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exif()])),
    segment(0xfe, Buffer.from(PLACE)),
    picture.subarray(2),
  ]);
}

function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

/** One little-endian directory with one text: ImageDescription. */
function exif(): Buffer {
  const text = Buffer.from(`${PLACE}\0`);
  const directory = Buffer.alloc(8 + 2 + 12 + 4);
  directory.write('II*\0', 'latin1');
  directory.writeUInt32LE(8, 4);
  directory.writeUInt16LE(1, 8);
  directory.writeUInt16LE(0x010e, 10);
  directory.writeUInt16LE(2, 12);
  directory.writeUInt32LE(text.length, 14);
  directory.writeUInt32LE(directory.length, 18);
  return Buffer.concat([directory, text]);
}
