// Exits 0 when node_modules holds exactly what package-lock.json asks for, as after `npm install`, so that
// bootstrap.sh need not install it all again; 1 when anything is missing or of another version.
import { readFileSync } from 'node:fs';

interface Entry {
  version?: string;
  integrity?: string;
  link?: boolean;
  optional?: boolean;
}

function installable(file: string): Map<string, Entry> {
  const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Entry> };
  return new Map(Object.entries(lock.packages).filter(([path]) => path.startsWith('node_modules/')));
}

function sameAsLocked(): boolean {
  const wanted = installable('package-lock.json');
  const present = installable('node_modules/.package-lock.json');
  const satisfied = (path: string, entry: Entry): boolean => {
    const found = present.get(path);
    if (!found) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  };
  return (
    [...wanted].every(([path, entry]) => satisfied(path, entry)) &&
    [...present.keys()].every((path) => wanted.has(path))
  );
}

try {
  process.exitCode = sameAsLocked() ? 0 : 1;
} catch {
  process.exitCode = 1;
}
