import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What a fake command answers to one pattern of arguments (`*` stands for anything). */
/** With `keep`, what comes on standard input is written to that file in the root. */
export type Answer = string | { out?: string; err?: string; code: number; keep?: string };

/** Answers of a fake command by pattern; the first that fits counts, and other arguments end with exit code 97. */
export type Answers = Readonly<Record<string, Answer>>;

/** What a script came to. */
export interface Run {
  status: number | null;
  stdout: string;
  stderr: string;
}

const TOOLS =
  'awk basename cat cp cut date dirname grep head mktemp mv paste printenv rm sed sh sleep sort tail timeout tr uniq'.split(
    ' ',
  );

/** What `docker compose config` says: ports that Docker publishes, as SERVICE ADDRESS:PORT/PROTOCOL, and coturn's settings. */
export function composed(ports: readonly string[], turn: Readonly<Record<string, string>> = {}): string {
  const settings = { TURN_MAX_PORT: '53247', TURN_MIN_PORT: '49152', TURN_PORT: '3478', ...turn };
  const published = (service: string) =>
    ports.flatMap((port) => {
      const [, name, address = '', number, protocol] = /^(\S+) (.*):(\d+)\/(\w+)$/.exec(port) ?? [];
      if (name !== service) return [];
      return [
        '      - mode: ingress',
        ...(address === '' ? [] : [`        host_ip: ${address}`]),
        '        target: 1',
        `        published: "${number}"`,
        `        protocol: ${protocol}`,
      ];
    });
  return [
    'name: relay',
    'services:',
    '  caddy:',
    '    ports:',
    ...published('caddy'),
    '  coturn:',
    '    environment:',
    '      TURN_EXTERNAL_IP: ""',
    ...Object.entries(settings).map(([name, value]) => `      ${name}: "${value}"`),
    '    ports:',
    ...published('coturn'),
    '  relay:',
    '    environment:',
    '      TURN_PORT: "1"',
    '    ports:',
    ...published('relay'),
    'networks:',
    '  edge:',
    '    TURNS_PORT: "2"',
  ].join('\n');
}

/** The relay's port, as shipped. */
export const LOCAL = 'relay 127.0.0.1:4000/tcp';
/** The ports of compose/tls.yml. */
export const TLS = ['caddy :80/tcp', 'caddy :443/tcp', 'caddy :443/udp'];

const HEALTHY = 'init exited - 0\nmigrate exited - 0\npostgres running healthy 0\nrelay running healthy 0';

/** A healthy, idle engine on which every check is good. */
const DOCKER: Answers = {
  'version --format *': '26.1.5+dfsg1',
  'compose version --short': '2.26.1-4',
  'compose version': 'Docker Compose version 2.26.1-4',
  'compose config --quiet': '',
  'compose config --services': 'init\npostgres\nmigrate\ncoturn\nrelay\nworker\ncaddy',
  'compose --profile admin config --images admin': 'relay',
  'compose config': composed([LOCAL]),
  'info --format {{.MemTotal}}': '2041000000',
  'info --format {{.DockerRootDir}}': '/var/lib/docker',
  'compose ps --services --status running': '',
  'compose ps --services --status running --status *': '',
  'compose ps --all --format table *': 'SERVICE   STATUS\nrelay     Up 5 minutes (healthy)',
  'compose ps --all --format *': HEALTHY,
  'compose build': '',
  'compose up *': '',
  'compose down *': '',
  'compose exec -T postgres du *': '',
};

/**
 * A server on which nothing is real but the scripts under test: a folder with them, and a PATH of its own that holds
 * fake commands and plain text tools.
 */
export class Machine {
  /** The project's root on it. */
  readonly root = mkdtempSync(join(tmpdir(), 'relay-appliance-'));
  readonly #bin = join(this.root, '.bin');
  readonly #calls = join(this.root, '.calls');

  constructor() {
    mkdirSync(this.#bin);
    for (const tool of TOOLS) symlinkSync(which(tool), join(this.#bin, tool));
    cpSync('scripts/appliance', join(this.root, 'scripts/appliance'), { recursive: true });
    this.write('.env.example', '# PORT=4000\nDATABASE_URL=postgres://\n# MAILBOX_MAX_BLOBS=32768\n');
    this.write(
      'docker-compose.yml',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as compose files write it
      'x: ${RELAY_PORT:-4000} ${TURN_EXTERNAL_IP:-} ${RELAY_DOMAIN:-} ${RELAY_PUBLIC_URL:-} ${PROXY_NETWORK} ${TURN_LISTEN_IP}\n',
    );
    this.docker({});
    this.fake('ip', {
      '-4 -o route get *': '192.0.2.1 via 203.0.113.1 dev eth0 src 203.0.113.7 uid 0 \\    cache',
      '-6 -o route get *': { err: 'RTNETLINK answers: Network is unreachable', code: 2 },
    });
    this.listening([], []);
    this.disk(80_000_000);
    this.fake('getent', {
      'ahosts relay.example.org': '203.0.113.7     STREAM relay.example.org',
      '*': { code: 2 },
    });
    this.fake('timedatectl', { '*': 'yes' });
  }

  /** Makes a command that answers as told; each call is noted. */
  fake(name: string, answers: Answers): void {
    const branches = Object.entries(answers).map(([pattern, answer]) => {
      const {
        out = '',
        err = '',
        code,
        keep = '',
      } = typeof answer === 'string' ? { out: answer, code: 0 } : answer;
      const quoted = pattern
        .split('*')
        .map((part) => (part === '' ? '' : quote(part)))
        .join('*');
      const print = out === '' ? '' : `printf '%s\\n' ${quote(out)};`;
      const kept = keep === '' ? '' : `cat >${quote(join(this.root, keep))};`;
      return `  ${quoted}) ${kept} ${print} ${err === '' ? '' : `printf '%s\\n' ${quote(err)} >&2;`} exit ${code} ;;`;
    });
    const file = join(this.#bin, name);
    rmSync(file, { force: true });
    writeFileSync(
      file,
      `#!/bin/sh\nprintf '%s\\n' "${name} $*" >>${quote(this.#calls)}\ncase "$*" in\n${branches.join('\n')}\nesac\necho "fake ${name} does not know: $*" >&2\nexit 97\n`,
    );
    chmodSync(file, 0o755);
  }

  /** Changes some answers of the engine. */
  docker(answers: Answers): void {
    this.fake('docker', {
      ...answers,
      ...Object.fromEntries(Object.entries(DOCKER).filter(([key]) => !(key in answers))),
    });
  }

  /** Takes a command away. */
  remove(name: string): void {
    rmSync(join(this.#bin, name));
  }

  /** Sets what listens, as ADDRESS:PORT, and where that matters PROGRAM after a space. */
  listening(tcp: readonly string[], udp: readonly string[]): void {
    this.fake('ss', {
      '-Hlnt': tcp.map((local) => `LISTEN 0      4096      ${local.split(' ')[0]}     0.0.0.0:*`).join('\n'),
      '-Hlnu': udp.map((local) => `UNCONN 0      0         ${local.split(' ')[0]}     0.0.0.0:*`).join('\n'),
      // As root sees them, with the program that listens: ADDRESS:PORT PROGRAM.
      '-Hlntp': tcp.map((local) => `LISTEN 0      4096      ${withProgram(local)}`).join('\n'),
      '-Hlnup': udp.map((local) => `UNCONN 0      0         ${withProgram(local)}`).join('\n'),
    });
  }

  /** Sets the free space of the disk, in KiB. */
  disk(kib: number): void {
    this.fake('df', {
      '-Pk /var/lib/docker': `Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda1 100000000 1 ${kib} 1% /`,
      '-Pi /var/lib/docker':
        'Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/vda1 6000000 1 5999999 1% /',
      '*': { err: 'df: No such file or directory', code: 1 },
    });
  }

  /** Writes a file in the root. */
  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  /** The text of a file in the root; empty when there is none. */
  read(path: string): string {
    const file = join(this.root, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** Calls of fake commands so far that begin with these words, in order. */
  calls(prefix: string): string[] {
    return this.read('.calls')
      .split('\n')
      .filter((call) => call.startsWith(prefix));
  }

  /** Runs scripts/appliance/NAME.sh. */
  run(name: string, env: Readonly<Record<string, string>> = {}, args: readonly string[] = []): Run {
    const { status, stdout, stderr } = spawnSync(
      '/bin/sh',
      [join(this.root, 'scripts/appliance', `${name}.sh`), ...args],
      { encoding: 'utf8', cwd: tmpdir(), env: { PATH: this.#bin, ...env }, input: 'standard input' },
    );
    return { status, stdout: this.#nameless(stdout), stderr: this.#nameless(stderr) };
  }

  /** Removes it. */
  end(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #nameless(text: string): string {
    return text.replaceAll(this.root, '/srv/relay');
  }
}

function withProgram(local: string): string {
  const [address, program] = local.split(' ');
  return `${address}     0.0.0.0:*${program === undefined ? '' : `    users:(("${program}",pid=7,fd=8))`}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function which(tool: string): string {
  return spawnSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim();
}

/** The lines of a run that begin with a verdict (`ok`, `warning`, `fault`) and then these words. */
export function verdict(run: Run, subject: string): string | undefined {
  const line = run.stdout
    .split('\n')
    .find((text) => /^(ok|warning|fault) /.test(text) && text.slice(9).startsWith(subject));
  return line?.split(' ', 1)[0];
}
