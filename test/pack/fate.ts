import test from 'ava';
import {judgeFate, type PackEvidence} from '../../src/pack/fate.js';
import type {FileGlance} from '../../src/storage/kind.js';

const file = (inode: string): FileGlance => ({size: 100, inode, modifiedMs: 0});

const gone: PackEvidence = {
	inodeBefore: '1',
	serverStartBefore: 'Mon',
	files: {data: file('1'), old: undefined, pack: undefined},
	isHeld: false,
	log: {end: 'none'},
	server: {answers: false},
	isSmaller: undefined,
	repair: 'mv Data.fs.old Data.fs',
};

const fateOf = (more: Partial<PackEvidence>) => {
	const fate = judgeFate({...gone, ...more});
	return [fate.fate, 'why' in fate ? fate.why : fate.how] as const;
};

const isJudged = test.macro({
	exec(t, more: Partial<PackEvidence>, fate: string, words: RegExp) {
		const found = fateOf(more);
		t.is(found[0], fate as never);
		t.regex(found[1], words);
	},
	title: (title = '') => title,
});

const elsewhere = {files: undefined, inodeBefore: undefined, isHeld: undefined};
const alive = {answers: true, start: 'Mon'} as const;
const again = {answers: true, start: 'Tue'} as const;

test(
	'a replaced data file was packed, whatever the server does',
	isJudged,
	{files: {data: file('2'), old: file('1'), pack: undefined}},
	'packed',
	/replaced/,
);
test(
	'a data file that is missing was being replaced',
	isJudged,
	{files: {data: undefined, old: file('1'), pack: file('2')}},
	'failed',
	/there is none now/,
);
test(
	'where nothing at all is to be seen nothing is claimed',
	isJudged,
	{files: {data: undefined, old: undefined, pack: undefined}},
	'unclear',
	/not to be seen/,
);
test(
	'the log knows of a pack that found nothing to drop',
	isJudged,
	{log: {end: 'complete'}},
	'nothing-to-drop',
	/complete/,
);
test(
	'the log knows why a pack has failed',
	isJudged,
	{log: {end: 'raised', reason: 'OSError: full'}},
	'failed',
	/OSError: full/,
);
test(
	'a server that was stopped does not replace its file any more',
	isJudged,
	{log: {end: 'stopped', reason: 'SIGTERM'}, isHeld: true},
	'failed',
	/stopped.*SIGTERM.*as before/,
);
test(
	'a server that was started again does not pack any more',
	isJudged,
	{server: again},
	'failed',
	/started again; the data file is as before/,
);
test(
	'a server that lost the connection alone may still pack',
	isJudged,
	{server: alive},
	'going-on',
	/may still/,
);
test('a server that is gone has not packed', isJudged, {}, 'failed', /went away/);
test(
	'a server that has its files open may still pack',
	isJudged,
	{isHeld: true},
	'going-on',
	/files open/,
);
test(
	'what may not be seen is not claimed',
	isJudged,
	{isHeld: undefined},
	'unclear',
	/does not answer/,
);
test(
	'a server elsewhere that became smaller has packed',
	isJudged,
	{...elsewhere, isSmaller: true, server: again},
	'packed',
	/smaller/,
);
test(
	'a server elsewhere that was started again and is as large as before has not',
	isJudged,
	{...elsewhere, isSmaller: false, server: again},
	'failed',
	/started again$/,
);
test(
	'a server elsewhere that is gone is not known',
	isJudged,
	elsewhere,
	'unclear',
	/does not answer/,
);
test(
	'nothing is claimed of a server whose earlier life is not known',
	isJudged,
	{serverStartBefore: null, server: alive},
	'unclear',
	/not to be seen/,
);

test('a broken replacement is told how to repair', t => {
	const fate = judgeFate({...gone, files: {data: undefined, old: file('1'), pack: undefined}});
	t.like(fate, {fate: 'failed', advice: 'mv Data.fs.old Data.fs'});
});
