import test from 'ava';
import {type DatabaseEvidence, judgeDatabase} from '../../src/guard/database-verdict.js';

const [early, late] = ['03e0000000000000', '03e1000000000000'] as const;

/** A database whose last transaction is `tid`, and was `known` when its server ended. */
const evidence = (
	{tid, known}: {readonly tid: string; readonly known: string},
	hasLoggedPack: DatabaseEvidence['hasLoggedPack'],
): DatabaseEvidence => ({
	files: {
		...{path: '/d/Data.fs', realPath: '/d/Data.fs'},
		...{old: undefined, pack: undefined, index: undefined, rescued: undefined},
		data: {
			...{path: '/d/Data.fs', size: 100, inode: '7', links: 1, modifiedAt: 50, magic: 'FS30'},
			content: {
				state: 'transactions',
				first: {tid: early, packed: true},
				last: {tid, packed: true},
				tail: 0,
			},
		},
	},
	ledger: {size: 200, tid: known, inode: '6', dismissed: [], at: 100, boot: 'x', why: 'end'},
	hasLoggedPack,
	acceptCommand: 'zeoctl accept-database 1',
});

test('the logs are not read for a database that is as it was', t => {
	const verdict = judgeDatabase(evidence({tid: late, known: late}, () => t.fail()));
	t.deepEqual(verdict, {verdict: 'ok'});
});

test('the logs decide on one that is older, from the time of its record on', t => {
	const older = {tid: early, known: late};
	t.deepEqual(judgeDatabase(evidence(older, since => since === 100)), {verdict: 'ok'});
	t.like(judgeDatabase(evidence(older, () => false)), {verdict: 'refuse', code: 'older'});
});
