import type {Status, TranscriptState} from '../../src/control/messages.js';

/** A status of a program that runs; a test says what is different. */
export const runningStatus = (different: Partial<Status> = {}): Status => ({
	state: 'running',
	wanted: 'up',
	readiness: 'unknown',
	testing: false,
	pid: 111,
	manager: 100,
	version: '1.2.3',
	now: 1_800_000_000,
	since: 1_799_999_000,
	lastStart: 1_799_999_000,
	restarts: 0,
	backoff: 0,
	backoffLimit: 10,
	delayUntil: 0,
	filename: '/usr/bin/sleep',
	argv: ['sleep', '100'],
	lastExit: null,
	reason: null,
	lastOutput: [],
	adopted: false,
	health: null,
	transcript: null,
	configuration: null,
	handover: null,
	...different,
});

/** A stream that a test feeds: every status that is pushed is seen once, in order. */
export type Feed<Value> = AsyncIterable<Value> & {
	push(value: Value): void;
	end(): void;
	fail(error: Error): void;
};

export const feed = <Value>(...first: readonly Value[]): Feed<Value> => {
	const items: ({readonly value: Value} | {readonly end: true} | {readonly error: Error})[] =
		first.map(value => ({value}));
	let wake = () => {};
	const add = (item: (typeof items)[number]): void => {
		items.push(item);
		wake();
	};
	async function* iterate(): AsyncGenerator<Value> {
		for (;;) {
			const item = items.shift();
			if (!item) {
				await new Promise<void>(resolve => {
					wake = resolve;
				});
			} else if ('value' in item) yield item.value;
			else if ('error' in item) throw item.error;
			else return;
		}
	}
	return {
		[Symbol.asyncIterator]: iterate,
		push: value => add({value}),
		end: () => add({end: true}),
		fail: error => add({error}),
	};
};

/** The transcript in a status, of a program that writes it itself and is well. */
export const directTranscript: TranscriptState = {
	path: '/l/out.log',
	mode: 'direct',
	rotatedBy: 'zeoctl',
	fileSystem: 'ext4',
	caveat: null,
	rotations: 0,
	lastRotation: null,
	linesLost: 0,
	problem: null,
};
