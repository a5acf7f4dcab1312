import test from 'ava';
import {createHandOver, type HandOverPorts} from '../../src/daemon/hand-over.js';
import {runningStatus} from '../helpers/statuses.js';
import {waitFor} from '../helpers/wait-for.js';

const milestone = () => {
	let reach = (): void => undefined;
	let miss = (_: Error): void => undefined;
	const promise = new Promise<void>((resolve, reject) => {
		reach = resolve;
		miss = reject;
	});
	promise.catch(() => undefined);
	return {promise, reach: () => reach(), miss: (error: Error) => miss(error)};
};

/** A hand-over whose successor does what the test says; `deeds` are in order. */
const scene = (ports: Partial<HandOverPorts> = {}, restores = true) => {
	const deeds: string[] = [];
	const standingBy = milestone();
	const inPlace = milestone();
	const handOver = createHandOver({
		status: () => runningStatus({pid: 7}),
		objection: () => undefined,
		predecessor: program => ({manager: 1, program, socketPath: '/s', socket: 2}),
		readOrder: async () => '{}',
		startSuccessor: async () => ({
			pid: 99,
			standingBy: standingBy.promise,
			inPlace: inPlace.promise,
			go: () => deeds.push('go'),
			async kill() {
				deeds.push('kill');
				inPlace.miss(new Error('killed'));
			},
		}),
		calm: async () => undefined,
		suspend() {
			deeds.push('suspend');
			return {
				async restore() {
					deeds.push('restore');
					return restores;
				},
				drop: () => deeds.push('drop'),
			};
		},
		resume: () => deeds.push('resume'),
		leave: () => deeds.push('leave'),
		note: (state, reason) => deeds.push(reason === null ? state : `${state}: ${reason}`),
		...ports,
	});
	const after = (deed: string) => waitFor(deed, () => deeds.some(each => each.startsWith(deed)));
	return {handOver, deeds, standingBy, inPlace, after};
};

test('the program is given once the successor is in place, and only then', async t => {
	const {handOver, deeds, standingBy, inPlace, after} = scene();
	t.deepEqual(handOver.begin(), {reply: 'handing-over'});
	t.is(handOver.settled(), undefined, 'it is ours until the successor is told to go');
	standingBy.reach();
	await after('go');
	const settled = handOver.settled();
	t.deepEqual(deeds, ['under-way', 'suspend', 'go']);
	inPlace.reach();
	await after('leave');
	t.deepEqual(await settled, {successor: 99});
	t.deepEqual(deeds, ['under-way', 'suspend', 'go', 'drop', 'done', 'leave']);
	t.deepEqual(handOver.begin(), {reply: 'handing-over'}, 'and there is no second one');
});

test('what stands in the way is told, and nothing is begun', t => {
	const {handOver, deeds} = scene({objection: () => 'it is being stopped'});
	t.deepEqual(handOver.begin(), {reply: 'refused', reason: 'it is being stopped'});
	t.deepEqual(deeds, []);
});

test('a successor that does not get ready costs nothing, and the next reload begins anew', async t => {
	const {handOver, deeds, standingBy, after} = scene();
	handOver.begin();
	standingBy.miss(new Error('half of a package'));
	await after('failed');
	t.deepEqual(deeds, ['under-way', 'kill', 'failed: half of a package']);
	handOver.begin();
	t.is(deeds.filter(deed => deed === 'under-way').length, 2);
});

test('a stop that comes first ends the successor', async t => {
	const {handOver, deeds, after} = scene();
	handOver.begin();
	handOver.cancel('a stop was asked for meanwhile');
	await after('failed');
	t.false(deeds.includes('suspend'));
	t.is(deeds.at(-1), 'failed: a stop was asked for meanwhile');
});

test('a program that has ended meanwhile is not given away', async t => {
	let pid: number | null = 7;
	const {handOver, deeds, standingBy, after} = scene({status: () => runningStatus({pid})});
	handOver.begin();
	pid = null;
	standingBy.reach();
	await after('failed');
	t.deepEqual(deeds, ['under-way', 'kill', 'failed: the program has ended meanwhile']);
});

test('a successor that dies on its way leaves the program and the socket to us', async t => {
	const {handOver, deeds, standingBy, inPlace, after} = scene();
	handOver.begin();
	standingBy.reach();
	await after('go');
	const settled = handOver.settled();
	inPlace.miss(new Error('it is terminated by SIGKILL'));
	await after('failed');
	t.is(await settled, undefined);
	t.deepEqual(deeds, [
		...['under-way', 'suspend', 'go', 'kill', 'restore', 'drop', 'resume'],
		'failed: it is terminated by SIGKILL',
	]);
});

test('where somebody else has the socket by then, the program is theirs', async t => {
	const {handOver, deeds, standingBy, inPlace, after} = scene({}, false);
	handOver.begin();
	standingBy.reach();
	await after('go');
	inPlace.miss(new Error('it is terminated by SIGKILL'));
	await after('leave');
	t.false(deeds.includes('resume'));
});
