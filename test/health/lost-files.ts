import test from 'ava';
import {findLostFileAlarms} from '../../src/health/lost-files.js';
import type {ServedFile} from '../../src/storage/served-file.js';

const file: ServedFile = {
	storage: 'main',
	path: '/srv/zeo/Data.fs',
	isUnclaimed: false,
	pid: 7,
	descriptor: 9,
	inode: '1',
	size: 4,
	state: 'lost',
	name: undefined,
	isReplaced: false,
};
const find = (different: Partial<ServedFile>) =>
	findLostFileAlarms([{...file, ...different}], ['zeoctl', '-C', "/srv/it's.conf"]);

test('a file in its place is no alarm', t => {
	t.deepEqual(find({state: 'in-place'}), []);
});

test('a deleted file must be rescued before anything else', t => {
	t.deepEqual(find({}), [
		{
			alarm: 'deleted-file',
			subject: 'main',
			level: 'alarm',
			text: "the database '/srv/zeo/Data.fs' has been deleted, and lives only as long as the server (pid 7)",
			advice:
				"do not stop or restart the server before this: zeoctl -C '/srv/it'\\''s.conf' rescue main",
		},
	]);
	t.regex(find({isReplaced: true})[0]?.text ?? '', /, while another file is in its place$/);
});

test('a moved file is put back', t => {
	const [alarm] = find({state: 'moved', name: '/srv/zeo/a b'});
	t.is(alarm?.alarm, 'moved-file');
	t.is(alarm?.advice, "put it back: mv -n '/srv/zeo/a b' /srv/zeo/Data.fs");
	t.regex(
		find({state: 'moved', name: '/x', isReplaced: true})[0]?.advice ?? '',
		/^put the other file aside, then: mv -n/,
	);
});

test('a database of no known storage is named by its file', t => {
	const unclaimed = {storage: '/x', path: '/x', isUnclaimed: true};
	const [lost] = find(unclaimed);
	t.regex(lost?.text ?? '', /^the database '\/x' has been deleted, .*; which storage it belongs/);
	t.regex(lost?.advice ?? '', / rescue \/x$/);
	const [moved] = find({...unclaimed, state: 'moved', name: '/x'});
	t.regex(moved?.text ?? '', /^the server \(pid 7\) writes to '\/x'; which storage/);
	t.notRegex(moved?.advice ?? '', /mv/);
});
