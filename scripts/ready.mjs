// Brings a checkout up to date before one of its commands runs: packages if they are not those of the lock file,
// dist/ if a source is newer. Silent when there is nothing to do; output of tools is shown when they fail.
import {spawnSync} from 'node:child_process';
import {accessSync, constants, lstatSync, readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';

/** End the script with a message, and a hint what to type next. */
export const fail = (message, hint) => {
	console.error(hint ? `${message}\n${hint}` : message);
	process.exit(1);
};

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
	fail(`cannot run on Node ${process.versions.node}: zeoctl needs Node 20.19 or newer`);
}

/** The checkout. */
export const root = path.dirname(import.meta.dirname);

/** End the script where the checkout is somebody else's: nothing could be made in it. */
export const refuseForeigner = () => {
	try {
		accessSync(root, constants.W_OK);
	} catch {
		const [owner, me] = [statSync(root).uid, process.getuid()].map(nameOf);
		const script = process.env.npm_lifecycle_event ?? 'start';
		fail(
			`cannot write to ${root}: it belongs to ${owner}, this is ${me}`,
			`type: sudo -u ${owner} npm run ${script}`,
		);
	}
};

const nameOf = uid =>
	spawnSync('id', ['-nu', String(uid)], {encoding: 'utf8'}).stdout?.trim() || `'#${uid}'`;

const installPackages = [
	'ci',
	'--ignore-scripts',
	'--include=dev',
	'--no-audit',
	'--no-fund',
	'--loglevel=error',
];

/** Install the packages of the lock file, unless they are there. */
export const readyPackages = () => {
	if (hasPackages()) return;
	if (lstatSync(path.join(root, 'node_modules'), {throwIfNoEntry: false})?.isSymbolicLink()) {
		fail('cannot install packages: node_modules is a link to a folder that holds others');
	}
	step('installing packages', 'npm', installPackages);
};

/** Build dist/, unless no source is newer. */
export const readyBuild = () => {
	const built = statSync(path.join(root, 'dist/zeoctl.cjs'), {throwIfNoEntry: false})?.mtimeMs ?? 0;
	const sources = [
		'src',
		'scripts/bundle.mjs',
		'package.json',
		'package-lock.json',
		'tsconfig.json',
	];
	if (sources.every(source => newest(path.join(root, source)) <= built)) return;
	step('building', 'npm', ['run', '--silent', 'build']);
};

// npm writes the hidden lock file last, so that an interrupted installation is seen as one.
const hasPackages = () => {
	const installed = readPackages('node_modules/.package-lock.json');
	return Object.entries(readPackages('package-lock.json')).every(
		([name, {version, optional}]) =>
			name === '' || installed[name]?.version === version || optional,
	);
};

const readPackages = name => {
	try {
		return JSON.parse(readFileSync(path.join(root, name), 'utf8')).packages;
	} catch {
		return {};
	}
};

// Folders count as well: theirs is the time of the last removal.
const newest = entry => {
	const stats = statSync(entry);
	if (!stats.isDirectory()) return stats.mtimeMs;
	return Math.max(stats.mtimeMs, ...readdirSync(entry).map(name => newest(path.join(entry, name))));
};

const step = (what, command, args) => {
	refuseForeigner();
	const began = performance.now();
	process.stdout.write(`${what} ... `);
	const {status, error, stdout, stderr} = spawnSync(command, args, {
		cwd: root,
		encoding: 'utf8',
		maxBuffer: 2 ** 26,
	});
	if (status !== 0) {
		process.stdout.write('failed\n');
		fail(
			`cannot run "${command} ${args.join(' ')}": ${error?.message ?? `it failed\n${stdout}${stderr}`}`,
		);
	}
	console.log(`${((performance.now() - began) / 1000).toFixed(1)} s`);
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
	readyPackages();
	readyBuild();
}
