/**
 * The rules of docs/architecture.md that a reader can check and the compiler does not: who may import
 * whom, what `core` may know, how long a file may be, and that nothing written is left unused.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const ROOMS = ['core', 'scenarios', 'workers', 'reports', 'bench', 'cli'] as const;
type Room = (typeof ROOMS)[number];

/** What each room may import besides itself. */
const MAY_IMPORT: Readonly<Record<Room, readonly Room[]>> = {
  core: [],
  scenarios: ['core'],
  workers: ['core'],
  reports: ['core'],
  bench: ['core', 'scenarios', 'workers', 'reports'],
  cli: ['core', 'scenarios', 'workers', 'reports'],
};

/** Commands of which benchmarks and fits are the subject; each is loaded when it is called. */
const MAY_IMPORT_BENCH = ['cli/commands/backtest.ts'];

/** Folders of core that a report has no business with: it shows results and makes none. */
const ENGINE = /^core\/(engine|network|models)\/|^core\/simulate\.ts$/;

/** Modules that are started rather than imported. */
const ENTRIES = [
  'bench/main.ts',
  'bench/fit/fit-kernel.ts',
  'cli/main.ts',
  'reports/client/main.ts',
  'workers/cell.worker.ts',
  'workers/partition.worker.ts',
];

interface Import {
  /** A path from the root for one of our files, or the name of a package. */
  readonly of: string;
  readonly isOurs: boolean;
  readonly typeOnly: boolean;
}

interface Source {
  readonly path: string;
  readonly room: Room;
  /** Tests, their fixtures and helpers; everything else goes to the user. */
  readonly isTest: boolean;
  readonly lines: number;
  /** Without comments. */
  readonly code: string;
  readonly imports: readonly Import[];
}

const TEXT = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/;
const COMMENT = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/;
const TEXT_OR_COMMENT = new RegExp(`(${TEXT.source})|${COMMENT.source}`, 'g');
const IMPORT = new RegExp(
  [
    /^\s*(?:import|export)\s+(type\s)?(?:[\w*,\s]|\{[^}]*\})*?from\s*['"]([^'"]+)['"]/,
    /^\s*import\s*['"]([^'"]+)['"]/,
    /(?<!typeof\s)\bimport\(\s*['"]([^'"]+)['"]/,
    /\bnew URL\(\s*['"](\.[^'"]+\.worker\.ts)['"]/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gm',
);

function withoutComments(text: string): string {
  return text.replaceAll(TEXT_OR_COMMENT, (_, kept: string | undefined) => kept ?? ' ');
}

function importsOf(path: string, code: string): Import[] {
  return Array.from(code.matchAll(IMPORT), (match) => {
    const [, typeOnly, ...targets] = match;
    const target = targets.find((one) => one !== undefined)!;
    const isOurs = target.startsWith('.');
    return {
      of: isOurs ? join(dirname(path), target) : packageOf(target),
      isOurs,
      typeOnly: typeOnly !== undefined,
    };
  });
}

/** `preact/jsx-runtime` is of `preact`, `@scope/name/part` of `@scope/name`; `node:fs` is itself. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function read(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8');
  const code = withoutComments(text);
  return {
    path,
    room: path.split('/', 1)[0] as Room,
    isTest: /(^|\/)testing(\/|\.ts$)|\.test\.tsx?$|-fixture\.ts$/.test(path),
    lines: text.trimEnd().split('\n').length,
    code,
    imports: importsOf(path, code),
  };
}

const sources: readonly Source[] = ROOMS.flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => read(relative(root, join(entry.parentPath, entry.name)))),
);
const product = sources.filter(({ isTest }) => !isTest);
const core = product.filter(({ room }) => room === 'core');

function roomOf(path: string): Room {
  return path.split('/', 1)[0] as Room;
}

/** Offenders as `file: what`, so that a failure says where to look. */
function offenders(
  among: readonly Source[],
  find: (source: Source) => readonly string[],
): readonly string[] {
  return among.flatMap((source) => find(source).map((what) => `${source.path}: ${what}`));
}

function matches(source: Source, pattern: RegExp): readonly string[] {
  return Array.from(source.code.matchAll(pattern), ([text]) => text);
}

describe('core/policy', () => {
  it('knows no engine and no time: it imports nothing of core but what asserts', () => {
    const foreign = offenders(
      core.filter(({ path }) => path.startsWith('core/policy/')),
      ({ imports }) =>
        imports
          .map(({ of }) => of)
          .filter((of) => !of.startsWith('core/policy/') && of !== 'core/assert.ts'),
    );
    expect(foreign).toEqual([]);
  });
});

describe('the reader of this test', () => {
  it('sees imports over several lines, of types, dynamic ones and re-exports, not in comments', () => {
    const code = withoutComments(
      "import type { A } from './a.ts';\nimport {\n  b,\n} from '../b.ts';\nexport * from './c.ts';\n" +
        "// import d from './d.ts';\n/* import './e.ts' */\nimport './f.ts';\n" +
        "const text = '// not a comment'; await import('node:fs');\nexport { g as 'k' } from '@h/i/j';",
    );
    expect(importsOf('core/x/y.ts', code)).toEqual([
      { of: 'core/x/a.ts', isOurs: true, typeOnly: true },
      { of: 'core/b.ts', isOurs: true, typeOnly: false },
      { of: 'core/x/c.ts', isOurs: true, typeOnly: false },
      { of: 'core/x/f.ts', isOurs: true, typeOnly: false },
      { of: 'node:fs', isOurs: false, typeOnly: false },
      { of: '@h/i', isOurs: false, typeOnly: false },
    ]);
    expect(code).toContain('// not a comment');
  });

  it('finds the files', () => {
    for (const room of ROOMS) {
      expect(product.filter((source) => source.room === room).length, room).toBeGreaterThan(2);
    }
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(500);
  });
});

describe('imports', () => {
  it('point one way between rooms', () => {
    const wrong = offenders(product, ({ room, path, imports }) =>
      imports
        .filter(({ isOurs, of }) => isOurs && roomOf(of) !== room && ROOMS.includes(roomOf(of)))
        .filter(({ of }) => !MAY_IMPORT[room].includes(roomOf(of)))
        .filter(({ of }) => roomOf(of) !== 'bench' || !MAY_IMPORT_BENCH.includes(path))
        .map(({ of }) => of),
    );
    expect(wrong).toEqual([]);
  });

  it('of the command line are made by the command line alone, in tests too', () => {
    const outside = sources.filter(({ room }) => room !== 'cli');
    const wrong = offenders(outside, ({ imports }) =>
      imports.filter(({ isOurs, of }) => isOurs && roomOf(of) === 'cli').map(({ of }) => of),
    );
    expect(wrong).toEqual([]);
  });

  it('of the simulator are not made by reports', () => {
    const reports = product.filter(({ room }) => room === 'reports');
    const wrong = offenders(reports, ({ imports }) =>
      imports.filter(({ of, typeOnly }) => ENGINE.test(of) && !typeOnly).map(({ of }) => of),
    );
    expect(wrong).toEqual([]);
  });

  it('of test helpers are not made by the product', () => {
    const helpers = new Set(sources.filter(({ isTest }) => isTest).map(({ path }) => path));
    const wrong = offenders(product, ({ imports }) =>
      imports.filter(({ of }) => helpers.has(of)).map(({ of }) => of),
    );
    expect(wrong).toEqual([]);
  });

  it('are of files that are there, and of packages that package.json lists', () => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    ) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
    const known = new Set(sources.map(({ path }) => path));
    const packagesFor = (source: Source) =>
      source.isTest || source.room === 'bench'
        ? { ...dependencies, ...devDependencies }
        : dependencies;
    const wrong = offenders(sources, (source) =>
      source.imports
        .filter(({ of, isOurs }) =>
          isOurs
            ? /\.tsx?$/.test(of) && !known.has(of)
            : !of.startsWith('node:') && !Object.hasOwn(packagesFor(source), of),
        )
        .map(({ of }) => of),
    );
    expect(wrong).toEqual([]);
    const used = new Set(product.flatMap(({ imports }) => imports.map(({ of }) => of)));
    expect(Object.keys(dependencies).filter((name) => !used.has(name))).toEqual([]);
  });
});

describe('core', () => {
  it('imports no module of Node and no package but seedrandom', () => {
    const wrong = offenders(core, ({ imports }) =>
      imports.filter(({ isOurs, of }) => !isOurs && of !== 'seedrandom').map(({ of }) => of),
    );
    expect(wrong).toEqual([]);
  });

  it('reads no clock, no environment, and no randomness but its named streams', () => {
    const outside =
      /\bMath\.random\b|\bDate\b|\bperformance\.|\bprocess\.(env|argv|hrtime|cwd|exit|on|memoryUsage|stdout|stderr)\b|\bglobalThis\b|\bset(Timeout|Interval|Immediate)\b|\bconsole\./g;
    expect(offenders(core, (source) => matches(source, outside))).toEqual([]);
  });

  it('names no product in its engine and mechanisms outside comments', () => {
    const mechanisms = core.filter(({ path }) => /^core\/(engine|network|policy)\//.test(path));
    expect(mechanisms.length).toBeGreaterThan(20);
    const products = /iptables|ipvs|nftables|ebpf|cilium|calico|felix|typha|kube-?router/gi;
    expect(offenders(mechanisms, (source) => matches(source, products))).toEqual([]);
  });

  it('knows nothing of Kubernetes in its engine', () => {
    const engine = core.filter(({ path }) => path.startsWith('core/engine/'));
    const wrong = offenders(engine, ({ imports }) =>
      imports
        .filter(({ isOurs, of }) => isOurs && !/^core\/(engine\/|assert\.ts$)/.test(of))
        .map(({ of }) => of),
    );
    expect(wrong).toEqual([]);
  });
});

describe('files', () => {
  it('have at most 400 lines', () => {
    const long = product.filter(({ lines }) => lines > 400);
    expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  it('are all used: what a registry, a switch or a page does not import is not in the product', () => {
    const used = new Set(product.flatMap(({ imports }) => imports.map(({ of }) => of)));
    const unused = product.map(({ path }) => path).filter((path) => !used.has(path));
    expect(unused.filter((path) => !ENTRIES.includes(path))).toEqual([]);
  });

  it.each([
    ['metrics', 'core/metrics/catalogue/', 'core/metrics/catalogue/index.ts', /^/],
    [
      'proxy modes',
      'core/models/proxy/',
      'core/models/proxy/index.ts',
      /^export const \w+(: ProxyModel| = iptablesProxy\()/m,
    ],
    [
      'policy engines',
      'core/models/policy/',
      'core/models/policy/index.ts',
      /^export const \w+: PolicyEngine\b/m,
    ],
    ['sections', 'reports/sections/', 'reports/sections/index.ts', /: Section\b/],
  ])('of %s are all in their index', (_, folder, index, declares) => {
    const files = product.filter(
      ({ path, code }) =>
        dirname(path) === folder.slice(0, -1) && path !== index && declares.test(code),
    );
    expect(files.length).toBeGreaterThan(3);
    const registered = product.find(({ path }) => path === index)!.imports.map(({ of }) => of);
    expect(files.map(({ path }) => path).sort()).toEqual(
      registered.filter((of) => dirname(of) === folder.slice(0, -1)).sort(),
    );
  });

  it('of charts are drawn by a section or a table, not by tests alone', () => {
    const charts = product.filter(({ path }) => /^reports\/charts\/.+\.tsx$/.test(path));
    expect(charts.length).toBeGreaterThan(3);
    const drawn = new Set(
      product
        .filter(({ path }) => !path.startsWith('reports/charts/'))
        .flatMap(({ imports }) => imports.map(({ of }) => of)),
    );
    expect(charts.map(({ path }) => path).filter((path) => !drawn.has(path))).toEqual([]);
  });

  it('are named in kebab-case, and open with what they are', () => {
    const named = product.filter(({ path }) => !/^[a-z0-9.-]+\.tsx?$/.test(basename(path)));
    expect(named.map(({ path }) => path)).toEqual([]);
    const silent = product.filter(
      ({ path }) => !/^(#![^\n]*\n)?(\/\*\*|\/\/)/.test(readFileSync(join(root, path), 'utf8')),
    );
    expect(silent.map(({ path }) => path)).toEqual([]);
  });
});
