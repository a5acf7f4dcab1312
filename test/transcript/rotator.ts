import fs from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {openTranscript} from '../../src/transcript/direct.js';
import {probeFileSystem} from '../../src/transcript/file-system.js';
import {
	type RotationEvent,
	type RotatorOptions,
	startRotator,
} from '../../src/transcript/rotator.js';
import {openFolder} from '../helpers/transcript.js';
import {waitFor} from '../helpers/wait-for.js';

const open = (t: ExecutionContext, options: Partial<RotatorOptions> = {}, content = '') => {
	const {folder, runDirectory, log} = openFolder(t);
	fs.writeFileSync(log, content);
	const descriptor = openTranscript({path: log, umask: 0o022});
	const events: RotationEvent[] = [];
	const rotator = startRotator({
		path: log,
		descriptor,
		runDirectory,
		limits: {maxSize: 100_000, oldFiles: 3, totalSize: 2_000_000, compress: false},
		isOurs: () => true,
		programPid: () => undefined,
		tell: event => events.push(event),
		onCalm: () => undefined,
		...options,
	});
	t.teardown(async () => {
		await rotator.close();
		fs.closeSync(descriptor);
	});
	const write = (text: string) => fs.writeSync(descriptor, text);
	const problems = () =>
		events.flatMap(event => (event.event === 'problem' ? [event.problem ?? 'none'] : []));
	return {folder, log, write, events, problems, rotator};
};

const line = `${'x'.repeat(99)}\n`;

test('a file that is full is rotated soon after it was written, and only then', async t => {
	const {log, write, events} = open(t);
	write(line);
	await sleep(1500);
	t.deepEqual(events, []);
	write(line.repeat(1000));
	await waitFor('a rotation', () => fs.existsSync(`${log}.1`));
	t.is(fs.readFileSync(`${log}.1`, 'utf8'), line.repeat(1001));
	write('after\n');
	t.true(fs.readFileSync(log, 'utf8').endsWith(' ---\nafter\n'));
});

test('a file that was full before is rotated at once', async t => {
	const {log} = open(t, {}, line.repeat(1000));
	await waitFor('a rotation', () => fs.existsSync(`${log}.1`));
	t.is(fs.statSync(`${log}.1`).size, 100_000);
});

test('a file that is old is rotated without anything being written', async t => {
	const limits = {maxSize: 1e9, maxAge: 2, oldFiles: 3, totalSize: 1e9, compress: false};
	const {log} = open(t, {limits}, line);
	await waitFor('a rotation', () => fs.existsSync(`${log}.1`));
	t.is(fs.readFileSync(`${log}.1`, 'utf8'), line);
	await sleep(3000);
	t.false(fs.existsSync(`${log}.2`), 'a file without new output is not rotated again');
});

test('a file that alone takes all the room loses its oldest output, and says so', async t => {
	const {folder, log, events} = open(t, {}, '');
	const {removesHeads} = await probeFileSystem(folder);
	fs.writeFileSync(`${log}.1`, line);
	const lines = Array.from({length: 40_000}, (_, number) => `${String(number).padStart(99)}\n`);
	fs.appendFileSync(log, lines.join(''));
	await waitFor('a removal', () => events.some(({event}) => event === 'cut'));
	const content = fs.readFileSync(log, 'utf8');
	t.regex(content, /^ *--- \d+ bytes were removed here, \S+ ---\n/);
	t.true(content.length <= 1_100_000, String(content.length));
	t.is(
		content.slice(content.indexOf('\n') + 1),
		lines.join('').slice(-(content.length - content.indexOf('\n') - 1)),
	);
	if (removesHeads) t.true(content.length > 990_000);
});

test('a file that others rotate is left alone', async t => {
	const {log, rotator, events} = open(t, {isOurs: () => false}, line.repeat(2000));
	await rotator.look();
	t.false(fs.existsSync(`${log}.1`));
	t.deepEqual(events, []);
});

test('a file that was deleted keeps its end only, and that is said', async t => {
	const {log, write, problems, rotator} = open(t);
	fs.rmSync(log);
	write(line.repeat(2000));
	await waitFor('the word', () => problems().length > 0);
	t.regex(problems()[0] ?? '', /was deleted while the program writes to it; restart/);
	await rotator.look();
	t.deepEqual(problems().length, 1);
});

test('a name that leads elsewhere is said when it lasts, and when it is over', async t => {
	const {log, write, problems} = open(t);
	fs.renameSync(log, `${log}.moved`);
	fs.symlinkSync('/dev/null', log);
	write(line);
	await waitFor('the word', () => problems().length > 0);
	t.regex(problems()[0] ?? '', /is not the file that the program writes to; type zeoctl reopen/);
	fs.rmSync(log);
	fs.renameSync(`${log}.moved`, log);
	write(line);
	await waitFor('the end', () => problems().at(-1) === 'none');
});
