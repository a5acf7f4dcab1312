import test from 'ava';
import {type Candidate, matchFiles, type Place} from '../../src/storage/match-files.js';

const identity = (inode: number) => ({device: 1n, inode: BigInt(inode), size: 4n, links: 1n});

const place = (path: string, more: Partial<Place> = {}): Place => ({
	...{path, isReadOnly: false, present: undefined, recorded: undefined},
	...more,
});

const file = (link: string, inode: number, more: Partial<Candidate> = {}): Candidate => ({
	...{descriptor: inode, link, identity: identity(inode), isWritable: true, isData: true},
	...more,
});

const match = test.macro(
	(
		t,
		places: readonly Place[],
		files: readonly Candidate[],
		expected: readonly (number | undefined)[],
		rest: readonly number[] = [],
	) => {
		const found = matchFiles(places, files);
		t.deepEqual(
			places.map(each => found.matched.get(each)?.descriptor),
			expected,
		);
		t.deepEqual(
			found.rest.map(({descriptor}) => descriptor),
			rest,
		);
	},
);

const [va, vb] = ['/srv/va/Data.fs', '/srv/vb/Data.fs'];

test(
	'folders that were moved together keep their files apart by their names',
	match,
	[place(va), place(vb)],
	[file('/old/vb/Data.fs', 2), file('/old/va/Data.fs', 1)],
	[1, 2],
);

test(
	'files of the same name are told apart by the inode on record',
	match,
	[place(va, {recorded: '1'}), place(vb, {recorded: '2'})],
	[file('/srv/x/Data.fs', 2), file('/srv/y/Data.fs', 1)],
	[1, 2],
);

test(
	'one record is enough for two files',
	match,
	[place(va), place(vb, {recorded: '2'})],
	[file('/srv/x/Data.fs', 2), file('/srv/y/Data.fs', 1)],
	[1, 2],
);

test(
	'files that cannot be told apart are nobody’s',
	match,
	[place(va), place(vb)],
	[file('/srv/x/Data.fs', 2), file('/srv/y/Data.fs', 1)],
	[undefined, undefined],
	[2, 1],
);

test(
	'one file is never that of two storages',
	match,
	[place(va), place(vb)],
	[file('/srv/x/Data.fs', 1)],
	[undefined, undefined],
	[1],
);

test(
	'the last database goes to the last storage, whatever its name',
	match,
	[place(va, {present: identity(1)}), place(vb)],
	[file(va, 1), file('/srv/vb/Data.bak', 2)],
	[1, 2],
);

test(
	'two databases are too many for the last storage',
	match,
	[place(va, {present: identity(1)}), place(vb)],
	[file(va, 1), file('/srv/one', 2), file('/srv/other', 3)],
	[1, undefined],
	[2, 3],
);

test(
	'a database that was renamed over another is told by the records',
	match,
	[place(va, {present: identity(2), recorded: '1'}), place(vb, {recorded: '2'})],
	[file(`${va} (deleted)`, 1), file(va, 2)],
	[1, 2],
);

test(
	'an old record does not take the file of another storage',
	match,
	[
		place(va, {present: identity(1), recorded: '2'}),
		place(vb, {present: identity(2), recorded: '9'}),
	],
	[file(va, 1), file(vb, 2)],
	[1, 2],
);

test(
	'what a pack leaves is nobody’s',
	match,
	[place(va, {present: identity(1)}), place(vb)],
	[file(va, 1), file(`${va}.old (deleted)`, 2), file('/moved/Data.fs.pack (deleted)', 3)],
	[1, undefined],
);

test(
	'other files are nobody’s',
	match,
	[place(va)],
	[file('/srv/log', 1, {isData: false}), file('/srv/copy', 2, {isWritable: false})],
	[undefined],
);

test(
	'a file that is open more than once is one file',
	match,
	[place(va, {isReadOnly: true})],
	[1, 2, 3].map(descriptor => file('/srv/away', 7, {descriptor, isWritable: false})),
	[1],
);

test(
	'two storages may name one file',
	match,
	[place(va, {present: identity(1)}), place(va, {present: identity(1), isReadOnly: true})],
	[file(va, 1)],
	[1, 1],
);
