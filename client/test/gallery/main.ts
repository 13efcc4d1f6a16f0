// Pictures every scene, light and dark, wide and narrow: node test/gallery/main.ts [FOLDER] [SCENE...]
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, openGallery, serveGallery, showScene } from './browser.ts';
import { scenes } from './scenes.ts';

const [folder = join(tmpdir(), 'relay-gallery'), ...wanted] = process.argv.slice(2);
const SIZES = [
  { width: 1280, height: 800 },
  { width: 360, height: 740 },
];
mkdirSync(folder, { recursive: true });

const server = await serveGallery();
const browser = await launch();
try {
  for (const viewport of SIZES)
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
      await openGallery(page, server);
      for (const name of wanted.length > 0 ? wanted : Object.keys(scenes)) {
        await showScene(page, name);
        const fullPage = !name.includes('thread');
        await page.screenshot({
          path: join(folder, `${name}-${viewport.width}-${colorScheme}.png`),
          fullPage,
        });
      }
      await page.close();
    }
  process.stdout.write(`${folder}\n`);
} finally {
  await browser.close();
  await server.close();
}
