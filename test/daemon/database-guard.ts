import test from 'ava';
import type {StateName} from '../../src/control/messages.js';
import {recordWhenCalm} from '../../src/daemon/database-guard.js';

type Step = readonly [state: StateName, pid: number | null];

const records = test.macro(
	async (t, steps: readonly Step[], expected: readonly ('ready' | 'end')[]) => {
		const recorded: string[] = [];
		const watch = recordWhenCalm({record: why => recorded.push(why)});
		for (const [state, pid] of steps) {
			watch({state, pid});
			await new Promise(setImmediate);
		}
		t.deepEqual(recorded, expected);
	},
);

test(
	'a program that serves and ends is recorded twice',
	records,
	[
		['starting', null],
		['starting', 5],
		['running', 5],
		['running', 5],
		['stopping', 5],
		['stopping', null],
		['stopped', null],
	],
	['ready', 'end'],
);

test(
	'an adopted program that ends is recorded, too',
	records,
	[
		['starting', null],
		['running', 5],
		['stopped', null],
	],
	['ready', 'end'],
);

test(
	'the end of a program that has never served is recorded',
	records,
	[
		['starting', null],
		['starting', 5],
		['backoff', null],
	],
	['end'],
);

test(
	'a refused start records nothing of databases that it never had',
	records,
	[
		['starting', null],
		['failed', null],
	],
	[],
);

test(
	'a start that is refused after a life leaves the record of that life alone',
	records,
	[
		['starting', null],
		['running', 5],
		['backoff', null],
		['starting', null],
		['failed', null],
	],
	['ready', 'end'],
);

test(
	'a restart that is refused records nothing, as another server may have the databases by then',
	records,
	[
		['starting', null],
		['running', 5],
		['stopping', 5],
		['starting', null],
		['failed', null],
	],
	['ready'],
);

test(
	'a start that is called off records nothing',
	records,
	[
		['starting', null],
		['stopped', null],
	],
	[],
);
