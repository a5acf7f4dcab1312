import {
	appendFileSync,
	chmodSync,
	copyFileSync,
	cpSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {dialogueCommands, followingCommands} from '../../src/bin/client-parts.js';
import {copyCheckout} from '../helpers/checkout.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {projectRoot, runCommand} from '../helpers/zeoctl.js';

const inProject = (name: string): string => path.join(projectRoot, name);
const manifest: {version: string; dependencies?: unknown} = JSON.parse(
	readFileSync(inProject('package.json'), 'utf8'),
);

type Packed = {readonly files: ReadonlyArray<{readonly path: string}>};

test('a fresh clone packs a package that installs globally and runs from an empty folder', async t => {
	const folder = temporaryFolder(t);
	const clone = path.join(folder, 'clone');
	copyCheckout(clone);
	const empty = path.join(folder, 'empty');
	const home = path.join(folder, 'home');
	mkdirSync(empty);
	mkdirSync(home);
	const packed = await runCommand(t, ['npm', 'pack'], {cwd: clone, limitMs: 480_000});
	t.is(packed.exitCode, 0, packed.stdout + packed.stderr);
	const file = path.join(clone, `zeoctl-${manifest.version}.tgz`);
	const prefix = path.join(folder, 'prefix');
	const install = await runCommand(
		t,
		['npm', 'install', '--global', '--prefix', prefix, '--offline', file],
		{cwd: folder},
	);
	t.is(install.exitCode, 0, install.stderr);
	t.deepEqual(readdirSync(path.join(prefix, 'lib/node_modules')), ['zeoctl']);

	const command = path.join(prefix, 'bin/zeoctl');
	const options = {cwd: empty, env: {HOME: home}};
	const version = await runCommand(t, [command, '--version'], options);
	t.is(version.exitCode, 0, version.stderr);
	t.true(version.stdout.includes(manifest.version), version.stdout);
	const help = await runCommand(t, [command, 'help'], options);
	t.is(help.exitCode, 0, help.stderr);
	t.regex(help.stdout, /\bstart\b[\s\S]*\bstatus\b/);
	t.deepEqual([...readdirSync(empty), ...readdirSync(home)], []);
});

test('the package holds the bundle, its papers and nothing else', async t => {
	const args = ['pack', '--json', '--dry-run', '--ignore-scripts'];
	const packed = await runCommand(t, ['npm', ...args], {cwd: projectRoot});
	t.is(packed.exitCode, 0, packed.stderr);
	const [content]: Packed[] = JSON.parse(packed.stdout);
	const names = content?.files.map(file => file.path) ?? [];
	const expected = [
		...['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'THIRD-PARTY-NOTICES'],
		...['dist/zeoctl.cjs', 'dist/lib/client.cjs', 'dist/lib/dialogue.cjs', 'dist/lib/follower.cjs'],
		'dist/lib/supervisor.cjs',
		...readdirSync(inProject('src/cli/commands')).map(
			file => `dist/lib/${file.replace(/ts$/, 'cjs')}`,
		),
	];
	t.deepEqual(
		expected.filter(name => !names.includes(name)),
		[],
	);
	const known =
		/^(?:dist\/lib\/[\w-]+\.cjs(?:\.map|\.[0-9a-f]+\.v[\d.]+-\w+-\d+-\d+\.[a-z]+\.code)?|(?:scripts\/releases|units)\/.+)$/;
	t.deepEqual(
		names.filter(name => !expected.includes(name) && !known.test(name)),
		[],
	);
	t.is(manifest.dependencies, undefined, 'everything is bundled');
	// Of each Node that was used here.
	const kept = new Set(names.flatMap(name => /\.([a-z]+)\.code$/.exec(name)?.[1] ?? []));
	const everyday = [...dialogueCommands, ...followingCommands, 'status', 'supervise'];
	t.deepEqual([...kept].toSorted(), [...everyday, 'others'].toSorted(), 'what V8 made of them');
	t.deepEqual(
		names.filter(name => readFileSync(inProject(name)).includes(projectRoot)),
		[],
		'it knows nothing of the place where it was made',
	);
});

test('code that was kept for one build of Node is not run by another', async t => {
	const folder = temporaryFolder(t);
	const dist = path.join(folder, 'dist');
	cpSync(inProject('dist'), dist, {recursive: true});
	const library = path.join(dist, 'lib');
	const kept = () => readdirSync(library).filter(name => name.endsWith('.others.code'));
	const [mine = ''] = kept();
	// V8 crashes on such code, or runs for ever: it looks at the head only.
	const code = readFileSync(path.join(library, mine));
	writeFileSync(path.join(library, mine), code.fill(0x55, 4096));
	const other = path.join(folder, 'node');
	copyFileSync(process.execPath, other);
	appendFileSync(other, 'another build');
	chmodSync(other, 0o755);
	const version = await runCommand(t, [other, path.join(dist, 'zeoctl.cjs'), 'version']);
	t.is(version.exitCode, 0, version.stderr);
	t.true(version.stdout.includes(manifest.version));
	t.is(kept().length, 2, 'it keeps its own');
});

// The source maps name every file that went into the bundle.
test('the third-party notices name exactly the packages inside the bundle', t => {
	const maps = readdirSync(inProject('dist'), {recursive: true, encoding: 'utf8'}).filter(name =>
		name.endsWith('.map'),
	);
	const bundled = maps.flatMap(name => {
		const {sources}: {sources: string[]} = JSON.parse(
			readFileSync(inProject(`dist/${name}`), 'utf8'),
		);
		return sources.flatMap(source => {
			const folder = /node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(source)?.[0];
			return folder === undefined ? [] : [nameAndVersion(folder)];
		});
	});
	const notices = readFileSync(inProject('THIRD-PARTY-NOTICES'), 'utf8');
	const named = [...notices.matchAll(/^-{78}\n\n(\S+ \S+) \(.+\)$/gm)].map(match => match[1]);
	t.true(named.length > 5);
	t.deepEqual([...new Set(bundled)].toSorted(), named.toSorted());
});

const nameAndVersion = (folder: string): string => {
	const {name, version}: {name: string; version: string} = JSON.parse(
		readFileSync(inProject(`${folder}/package.json`), 'utf8'),
	);
	return `${name} ${version}`;
};

test('the committed notices are those of this build', async t => {
	const {stdout, exitCode} = await runCommand(
		t,
		['git', '-c', 'safe.directory=*', 'status', '--porcelain', 'THIRD-PARTY-NOTICES'],
		{cwd: projectRoot},
	);
	if (process.env['CI'] === 'true' && exitCode === 0) {
		t.is(stdout, '');
	} else {
		t.log('compared only in a fresh clone with CI=true');
		t.pass();
	}
});

test('the lock file names no registry and npm ci accepts it', async t => {
	const lock: {packages: Record<string, {resolved?: string; integrity?: string}>} = JSON.parse(
		readFileSync(inProject('package-lock.json'), 'utf8'),
	);
	const entries = Object.entries(lock.packages).filter(([name]) => name !== '');
	t.true(entries.length > 50);
	t.deepEqual(
		entries.filter(([, {resolved}]) => resolved !== undefined),
		[],
	);
	t.deepEqual(
		entries.filter(([, {integrity}]) => integrity === undefined),
		[],
	);

	const folder = temporaryFolder(t);
	for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
		copyFileSync(inProject(name), path.join(folder, name));
	}
	const {stderr, exitCode} = await runCommand(t, ['npm', 'ci', '--dry-run'], {cwd: folder});
	t.is(exitCode, 0, stderr);
});
