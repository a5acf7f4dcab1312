import {appendFileSync, truncateSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {watchLife} from '../../src/daemon/end-evidence.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const pid = 2 ** 22 + 7;
const beginning = `------\n2026-11-22T23:13:18 INFO ZEO.runzeo (${pid}) opening storage 'main'\n`;
const ending = `------\n2026-11-22T23:13:19 INFO ZEO.runzeo (${pid}) terminated by SIGTERM\n`;

const life = (t: ExecutionContext, {isServer = true} = {}) => {
	const log = path.join(temporaryFolder(t), 'log');
	writeFileSync(log, `${beginning}${ending}of an earlier life, perhaps with the same pid\n`);
	const watch = watchLife({
		pid,
		startedAt: 0,
		directory: '/',
		isServer,
		logFiles: [log],
		storages: [],
	});
	return {log, watch, say: (text: string) => appendFileSync(log, text)};
};

test('a server that says so has ended in order', t => {
	const {watch, say} = life(t);
	say(beginning + ending);
	t.like(watch.collect({code: 0, signal: null}), {isOrderly: true, unsavedIndexes: []});
	t.true(watch.endedInOrder());
});

test('a server whose log shows its beginning and not its end has not', t => {
	const {watch, say} = life(t);
	say(beginning);
	t.deepEqual(watch.collect({code: 0, signal: null}), {isOrderly: false});
	t.false(watch.endedInOrder());
});

test('a log that shows neither tells nothing', t => {
	const {watch, say} = life(t);
	say('a traceback\n');
	t.deepEqual(watch.collect({code: 0, signal: null}), {unsavedIndexes: []});
});

test('a log that was rotated is read from its beginning', t => {
	const {log, watch, say} = life(t);
	truncateSync(log);
	say(ending);
	t.like(watch.collect({code: 0, signal: null}), {isOrderly: true});
});

test('a log that cannot be looked at tells nothing', t => {
	const {log} = life(t);
	const logFiles = [path.join(log, 'below-a-file')];
	const watch = watchLife({
		...{pid, startedAt: 0, directory: '/', isServer: true, storages: []},
		logFiles,
	});
	t.deepEqual(watch.collect({code: 0, signal: null}), {unsavedIndexes: []});
	t.false(watch.endedInOrder());
});

test('other programs and other ends need no log', t => {
	t.is(life(t, {isServer: false}).watch.collect({code: 0, signal: null}), undefined);
	const {watch, say} = life(t);
	say(beginning);
	t.is(watch.collect({code: 1, signal: null}), undefined);
	t.is(watch.collect({code: null, signal: 'SIGKILL'}), undefined);
});
