import path from 'node:path';
import test from 'ava';
import {type Import, readImports, readSources, withoutComments} from './helpers/imports.js';
import {projectRoot} from './helpers/zeoctl.js';

const ranks: readonly (readonly string[])[] = [
	['platform'],
	['zconfig', 'zeo', 'control'],
	['schema'],
	['settings'],
	[
		...['program', 'guard', 'health', 'history', 'transcript', 'systemd', 'storage', 'pack'],
		...['report', 'mail', 'generate', 'scaffold', 'monitor'],
	],
	['supervisor'],
	['daemon', 'cli'],
	['bin'],
];

// Imports that the ranks alone would forbid.
const exceptions: ReadonlySet<string> = new Set([
	...['report', 'pack'].map(folder => `${folder}>history type`),
	...['health', 'guard', 'pack', 'generate', 'scaffold'].map(folder => `${folder}>storage type`),
]);

// Imports that the ranks alone would allow.
const forbidden: ReadonlySet<string> = new Set([
	...['report', 'mail', 'generate', 'scaffold'].map(folder => `daemon>${folder}`),
	...(ranks[4] ?? []).filter(folder => folder !== 'program').map(folder => `supervisor>${folder}`),
]);

// The commands that become the daemon; nothing imports them before they are asked for.
const daemonCommand = /^cli\/commands\/(?:supervise|foreground)\.ts$/;

const folderOf = (file: string): string => file.split('/')[0] ?? '';
const rankOf = (folder: string): number => ranks.findIndex(names => names.includes(folder));
const isOwn = (target: string): boolean => target.endsWith('.ts');

const isAllowed = ({from, target, kind}: Import): boolean => {
	const pair = `${folderOf(from)}>${folderOf(target)}`;
	if (pair === 'cli>daemon') return daemonCommand.test(from);
	if (folderOf(from) === folderOf(target) || exceptions.has(`${pair} ${kind}`)) return true;
	return rankOf(folderOf(target)) < rankOf(folderOf(from)) && !forbidden.has(pair);
};

const sources = readSources(path.join(projectRoot, 'src'));
const imports = sources.flatMap(readImports);
const own = imports.filter(({target}) => isOwn(target));
const show = ({from, target, kind}: Import): string => `${from} -> ${target} (${kind})`;

const verdict = test.macro(
	(t, from: string, target: string, kind: Import['kind'], allowed: boolean) => {
		t.is(isAllowed({from, target, kind}), allowed);
	},
);

test('a lower rank may be imported', verdict, 'cli/a.ts', 'zconfig/b.ts', 'static', true);
test('a higher rank may not', verdict, 'zconfig/a.ts', 'cli/b.ts', 'type', false);
test('a neighbour of the same rank may not', verdict, 'zeo/a.ts', 'control/b.ts', 'static', false);
test('a listed neighbour may, as a type', verdict, 'guard/a.ts', 'storage/b.ts', 'type', true);
test(
	'a listed neighbour may not as a value',
	verdict,
	'guard/a.ts',
	'storage/b.ts',
	'static',
	false,
);
test(
	'supervise imports the daemon',
	verdict,
	'cli/commands/supervise.ts',
	'daemon/b.ts',
	'static',
	true,
);
test('no other command does', verdict, 'cli/commands/start.ts', 'daemon/b.ts', 'dynamic', false);
test('the daemon never imports mail', verdict, 'daemon/a.ts', 'mail/b.ts', 'static', false);
test('the supervisor imports program', verdict, 'supervisor/a.ts', 'program/b.ts', 'static', true);
test(
	'the supervisor imports no other of rank 4',
	verdict,
	'supervisor/a.ts',
	'guard/b.ts',
	'type',
	false,
);

test('every folder has a rank', t => {
	const folders = [...new Set(sources.map(({file}) => folderOf(file)))];
	t.deepEqual(
		folders.filter(folder => rankOf(folder) < 0),
		[],
	);
	t.true(folders.length > 5);
});

test('imports go to lower ranks only', t => {
	t.true(own.length > 20);
	t.deepEqual(own.filter(each => !isAllowed(each)).map(show), []);
});

test('every imported file exists', t => {
	const files = new Set(sources.map(({file}) => file));
	t.deepEqual(own.filter(({target}) => !files.has(target)).map(show), []);
});

test('no file imports itself by a detour', t => {
	const targets = new Map<string, string[]>();
	// Types leave nothing behind that could run in a circle.
	const running = own.filter(({kind}) => kind !== 'type');
	for (const {from, target} of running) targets.set(from, [...(targets.get(from) ?? []), target]);
	const done = new Set<string>();
	const visit = (file: string, trail: readonly string[]): string[] => {
		if (trail.includes(file)) return [[...trail.slice(trail.indexOf(file)), file].join(' -> ')];
		if (done.has(file)) return [];
		done.add(file);
		return (targets.get(file) ?? []).flatMap(target => visit(target, [...trail, file]));
	};
	t.deepEqual(
		[...targets.keys()].flatMap(file => visit(file, [])),
		[],
	);
});

// A supervisor must not notice that the package under it was replaced. What is listed is loaded while it starts.
const lateImports: ReadonlySet<string> = new Set([
	'daemon/attendants.ts -> daemon/pack-schedule.ts (dynamic)',
	'daemon/attendants.ts -> daemon/health.ts (dynamic)',
	'daemon/attendants.ts -> daemon/monitor.ts (dynamic)',
	'daemon/event-log.ts -> daemon/pino-log.ts (dynamic)',
	'daemon/event-log.ts -> daemon/syslog.ts (dynamic)',
	'daemon/program-output.ts -> daemon/pump-output.ts (dynamic)',
]);

test('only the command line imports its own files while it runs', t => {
	const late = imports.filter(
		({from, target, kind}) =>
			kind === 'dynamic' &&
			target !== 'node' &&
			folderOf(from) !== 'cli' &&
			folderOf(from) !== 'bin',
	);
	t.deepEqual(
		late.map(show).filter(each => !lateImports.has(each)),
		[],
	);
});

test('whatever a supervisor is made of is imported before it starts', t => {
	const running = imports.filter(({kind}) => kind !== 'type');
	const reached = new Set(['bin/supervisor.ts', 'cli/commands/supervise.ts']);
	for (const file of reached) {
		for (const {from, target, kind} of running) {
			if (from === file && kind === 'static' && isOwn(target)) reached.add(target);
		}
	}
	t.true(reached.has('daemon/main.ts') && reached.has('health/probe.ts'));
	const ofSupervisor = [...reached].filter(file => folderOf(file) !== 'cli');
	const late = running.filter(({from, kind}) => kind === 'dynamic' && ofSupervisor.includes(from));
	t.deepEqual(late.filter(({target}) => target !== 'node').map(show), [...lateImports]);
	const text = new Map(sources.map(source => [source.file, withoutComments(source.text)]));
	t.deepEqual(
		ofSupervisor.filter(file => /\b(?:createRequire|require)\(/.test(text.get(file) ?? '')),
		[],
	);
});

test('the commands that become the daemon are loaded when they are asked for', t => {
	const early = own.filter(({target, kind}) => daemonCommand.test(target) && kind === 'static');
	t.deepEqual(early.map(show), []);
	t.true(own.some(({target}) => daemonCommand.test(target)));
});

test('only bin, cli and daemon touch the process and the console', t => {
	const pattern = /\bprocess\.(?:exit|argv|env|on)\b|\bconsole\./;
	const pure = sources.filter(({file}) => !['bin', 'cli', 'daemon'].includes(folderOf(file)));
	t.deepEqual(
		pure.filter(({text}) => pattern.test(withoutComments(text))).map(({file}) => file),
		[],
	);
});

test('no file only passes others on, no folder is a drawer', t => {
	const drawers = /(?:^|\/)(?:index\.ts$|(?:utils?|common|helpers?|misc)(?:\/|\.ts$))/;
	t.deepEqual(
		sources.map(({file}) => file).filter(file => drawers.test(file)),
		[],
	);
});
