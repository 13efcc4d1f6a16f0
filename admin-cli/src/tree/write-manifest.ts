// Usage: node src/tree/write-manifest.ts
import { renameSync, writeFileSync } from 'node:fs';
import { loadTree } from './load.ts';
import { MANIFEST, ROOT } from './manifest.ts';

/** The part of oclif's plugin that its types leave out. */
type WithManifest = { manifest?: { commands: object; version: string } };

const { pjson, plugins } = await loadTree();
const plugin: unknown = plugins.get(pjson.name);
const manifest = (plugin as WithManifest | undefined)?.manifest;
if (manifest === undefined) throw new Error(`${ROOT} holds no commands.`);
const path = `${ROOT}/${MANIFEST}`;
// In one step: whoever starts meanwhile reads the old one or the new.
writeFileSync(`${path}.${process.pid}`, `${JSON.stringify(manifest)}\n`);
renameSync(`${path}.${process.pid}`, path);
