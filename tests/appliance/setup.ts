// Vitest's global set-up of the appliance's tests: an engine, a clean clone, everything built and up, a circle seeded.
import { DockerComposeEnvironment, Wait } from 'testcontainers';
import type { TestProject } from 'vitest/node';
import { Appliance, cleanClone, LASTING, ONE_SHOT } from './support/appliance.ts';
import { makeCircle } from './support/circle.ts';
import { run } from './support/docker.ts';

const PROJECT = 'relay-appliance-test';
const BUILD_MS = 900_000;

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Its reaper is an image of a registry; what is started here is ended here.
  process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
  process.env.TESTCONTAINERS_HOST_OVERRIDE = '127.0.0.1';
  const site = { folder: await cleanClone(), project: PROJECT, env: {} };
  const appliance = new Appliance(site);
  // What a run left that was killed.
  await appliance.wipe();
  try {
    let environment = new DockerComposeEnvironment(site.folder, 'docker-compose.yml')
      .withProjectName(PROJECT)
      .withBuild()
      .withStartupTimeout(BUILD_MS);
    for (const service of LASTING) {
      environment = environment.withWaitStrategy(`${service}-1`, Wait.forHealthCheck());
    }
    for (const service of ONE_SHOT) {
      environment = environment.withWaitStrategy(`${service}-1`, Wait.forOneShotStartup());
    }
    const started = performance.now();
    await environment.up();
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    process.stdout.write(`appliance: built and up in ${seconds} s, with no .env\n`);
    const circle = await makeCircle();
    const seeded = await appliance.admin(['identities', 'seed', '-'], circle.seed);
    if (seeded.code !== 0) throw new Error(`seeding failed:\n${seeded.stdout}\n${seeded.stderr}`);
    project.provide('appliance', site);
    project.provide('circle', { seed: circle.seed, files: circle.files });
  } catch (error) {
    const { stdout } = await run('docker', ['compose', '-p', PROJECT, 'logs', '--tail', '30']);
    process.stderr.write(stdout);
    await appliance.destroy();
    throw error;
  }
  return () => appliance.destroy();
}
