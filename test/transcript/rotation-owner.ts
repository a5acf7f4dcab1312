import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {
	decideOwner,
	findNewestOldFile,
	type RotationOwner,
	readMemory,
	writeMemory,
} from '../../src/transcript/rotation-owner.js';
import {openFolder} from '../helpers/transcript.js';

const day = 86_400_000;
const now = 100 * day;
const unknown = {isAsked: false, memory: undefined, newestOldFile: undefined, now};

const decides = test.macro(
	(t, given: Partial<Parameters<typeof decideOwner>[0]>, owner: RotationOwner) => {
		t.is(decideOwner({...unknown, ...given}), owner);
	},
);

test('a transcript without a past is rotated by us', decides, {}, 'zeoctl');
test('one with old files by whoever made them', decides, {newestOldFile: now - day}, 'outside');
test('very old files prove nothing', decides, {newestOldFile: now - 40 * day}, 'zeoctl');
test(
	'a section asks for us',
	decides,
	{isAsked: true, newestOldFile: now, memory: {owner: 'outside', at: now}},
	'zeoctl',
);
test('a rename by others is remembered', decides, {memory: {owner: 'outside', at: now}}, 'outside');
test(
	'but not for ever',
	decides,
	{memory: {owner: 'outside', at: now - 40 * day}, newestOldFile: now},
	'zeoctl',
);
test(
	'what we once began we go on with',
	decides,
	{memory: {owner: 'zeoctl', at: 0}, newestOldFile: now},
	'zeoctl',
);

test('old files are those with a number or a date', t => {
	const {folder, log} = openFolder(t);
	t.is(findNewestOldFile(log), undefined);
	fs.writeFileSync(`${log}.old`, 'x');
	fs.writeFileSync(path.join(folder, 'other.log.1'), 'x');
	t.is(findNewestOldFile(log), undefined);
	for (const [name, seconds] of [
		['.1', 1],
		['.2.gz', 3],
		['-20261123.gz', 2],
	] as const) {
		fs.writeFileSync(log + name, 'x');
		fs.utimesSync(log + name, seconds, seconds);
	}
	t.is(findNewestOldFile(log), 3000);
});

test('the memory outlives a supervisor', t => {
	const {runDirectory} = openFolder(t);
	t.is(readMemory(runDirectory), undefined);
	writeMemory(runDirectory, {owner: 'outside', at: 5});
	t.deepEqual(readMemory(runDirectory), {owner: 'outside', at: 5});
	fs.writeFileSync(path.join(runDirectory, 'transcript-rotation'), '{"owner":"x"');
	t.is(readMemory(runDirectory), undefined);
});
