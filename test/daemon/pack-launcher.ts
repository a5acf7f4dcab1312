import test, {type ExecutionContext} from 'ava';
import {watchPackSchedule} from '../../src/daemon/pack-launcher.js';
import {openSchedule} from '../../src/pack/schedule.js';
import {packSettings, scheduledWorld, storage, type World} from '../helpers/scheduled-packs.js';
import {seededRandom} from '../helpers/seeded-random.js';

const day = 86_400;
const week = 7 * day;
const at = (text: string): number => Date.parse(text) / 1000;

const zones = ['Europe/Paris', 'America/New_York', 'Australia/Lord_Howe'];

const wallTime = (zone: string, slot: number): string =>
	new Intl.DateTimeFormat('en-GB', {
		timeZone: zone,
		weekday: 'short',
		hour: '2-digit',
		minute: '2-digit',
	}).format(slot * 1000);

const isOnceEach = (t: ExecutionContext, {slots}: World): void => {
	t.is(new Set(slots).size, slots.length, 'a slot was packed twice');
	t.deepEqual(
		slots.toSorted((one, other) => one - other),
		slots,
		'out of order',
	);
};

for (const zone of zones) {
	test(`a year in ${zone} with a restart of the supervisor every day has one run a week`, async t => {
		const world = scheduledWorld([packSettings({timeZone: zone})], {
			start: at('2026-01-01T12:00Z'),
		});
		world.duration = 900;
		for (let count = 0; count < 365; count += 1) {
			world.startSupervisor();
			await world.pass(day);
			world.stopSupervisor();
		}
		isOnceEach(t, world);
		t.is(world.slots.length, 52);
		t.deepEqual([...new Set(world.slots.map(slot => wallTime(zone, slot)))], ['Sun 03:17']);
		t.is(world.jobsAtOnce, 1);
	});

	test(`a year in ${zone} with 20 random outages has one run for every week, 20 of them late`, async t => {
		const {fraction} = seededRandom(20_261_123);
		const schedule = openSchedule('17 3 * * 0', zone);
		const world = scheduledWorld([packSettings({timeZone: zone})], {
			start: at('2026-01-01T12:00Z'),
		});
		for (let outage = 0; outage < 20; outage += 1) {
			world.startSupervisor();
			await world.pass((1 + 9 * fraction()) * day);
			world.stopSupervisor();
			const missed = schedule.next(world.now());
			await world.pass(missed - world.now() + 3600 + fraction() * 6 * day);
			t.not(world.slots.at(-1), missed, 'packed while it was off');
			world.startSupervisor();
			await world.pass(1);
			t.is(world.slots.at(-1), missed, 'not caught up');
			world.stopSupervisor();
		}
		world.startSupervisor();
		await world.pass(at('2027-01-01T12:00Z') - world.now());
		isOnceEach(t, world);
		t.is(world.slots.length, 52);
	});
}

test('after a look that failed there is another one within the hour', t => {
	const looks: {readonly ms: number; readonly callback: () => void}[] = [];
	let isBroken = false;
	const watch = watchPackSchedule({
		packs: [packSettings({timeZone: 'UTC'})],
		storages: [storage('1')],
		instance: 'zeo.example /srv/zeo.conf',
		isWanted: () => true,
		isServing: () => true,
		hasOtherOwner: () => false,
		isAlive: () => true,
		readHistory: () => {
			if (isBroken) throw new Error('the history is in pieces');
			return [];
		},
		append: () => undefined,
		startJob: async () => ({description: 'exit status 0', isGood: true, lastLine: undefined}),
		unixSeconds: () => at('2026-01-01T12:00Z'),
		after(ms, callback) {
			const look = {ms, callback};
			looks.push(look);
			return () => void looks.splice(looks.indexOf(look), 1);
		},
	});
	t.is(looks.length, 1);
	isBroken = true;
	t.throws(() => looks.shift()?.callback(), {message: 'the history is in pieces'});
	t.is(looks.length, 1);
	t.true((looks[0]?.ms ?? Number.POSITIVE_INFINITY) <= 3_600_000);
	watch.close();
	t.deepEqual(looks, []);
});

test('what was missed for a month is caught up once', async t => {
	const world = scheduledWorld([packSettings({timeZone: 'UTC'})], {start: at('2026-01-01T12:00Z')});
	world.startSupervisor();
	await world.pass(week);
	world.stopSupervisor();
	await world.pass(4 * week);
	world.startSupervisor();
	await world.pass(600);
	t.deepEqual(world.slots, [at('2026-01-04T03:17Z'), at('2026-02-01T03:17Z')]);
});

test('a schedule that is new does not pack for the time before it', async t => {
	const world = scheduledWorld([packSettings({timeZone: 'UTC'})], {start: at('2026-01-07T12:00Z')});
	world.startSupervisor();
	await world.pass(3 * day);
	t.deepEqual(world.slots, []);
});

for (const hours of [1, 5, 24, 8 * 24, 20 * 24]) {
	test(`a clock that is set back by ${hours} hours makes no slot run twice, and loses none`, async t => {
		const world = scheduledWorld([packSettings({timeZone: 'UTC', jitter: 0})], {
			start: at('2026-01-01T12:00Z'),
		});
		world.startSupervisor();
		await world.pass(at('2026-01-18T03:20Z') - world.now());
		world.setClock(-hours * 3600);
		await world.pass(5 * week);
		isOnceEach(t, world);
		const wanted: number[] = [];
		for (let sunday = at('2026-01-04T03:17Z'); sunday < world.now(); sunday += week)
			wanted.push(sunday);
		t.deepEqual(world.slots, wanted);
	});
}

test('a clock that was a month ahead for a day costs no week', async t => {
	const world = scheduledWorld([packSettings({timeZone: 'UTC', jitter: 0})], {
		start: at('2026-01-01T12:00Z'),
	});
	world.startSupervisor();
	await world.pass(week);
	world.setClock(30 * day);
	await world.pass(day);
	world.setClock(-30 * day);
	await world.pass(8 * week);
	t.is(new Set(world.slots).size, world.slots.length);
	for (let sunday = at('2026-01-04T03:17Z'); sunday < world.now(); sunday += week) {
		t.true(world.slots.includes(sunday), new Date(sunday * 1000).toISOString());
	}
});

test('a clock that jumps ahead over a slot is noticed within an hour', async t => {
	const world = scheduledWorld([packSettings({timeZone: 'UTC', jitter: 0})], {
		start: at('2026-01-01T12:00Z'),
	});
	world.startSupervisor();
	await world.pass(60);
	world.setClock(3 * day);
	await world.pass(3600);
	t.deepEqual(world.slots, [at('2026-01-04T03:17Z')]);
});

test('three owners of the schedule pack once', async t => {
	const world = scheduledWorld([packSettings({timeZone: 'UTC'})], {start: at('2026-01-01T12:00Z')});
	world.startSupervisor();
	await world.pass(at('2026-01-04T03:17Z') - world.now());
	await Promise.all([world.callScheduled(), world.callScheduled()]);
	await world.pass(day);
	await world.callScheduled();
	t.deepEqual(world.slots, [at('2026-01-04T03:17Z')]);
});

test('a run that fails is tried again after one, three and nine hours, then given up until the next slot', async t => {
	const world = scheduledWorld([packSettings({timeZone: 'UTC', jitter: 0})], {
		start: at('2026-01-01T12:00Z'),
	});
	world.outcome = 'failed';
	world.startSupervisor();
	await world.pass(at('2026-01-10T12:00Z') - world.now());
	const begins = world.history.flatMap(record =>
		record.event === 'pack-begin' ? [new Date(record.at * 1000).toISOString().slice(0, 16)] : [],
	);
	t.deepEqual(begins, [
		'2026-01-04T03:17',
		'2026-01-04T04:17',
		'2026-01-04T07:17',
		'2026-01-04T16:17',
	]);
	world.outcome = 'packed';
	await world.pass(day);
	t.is(world.slots.at(-1), at('2026-01-11T03:17Z'));
});

test('a run that succeeds at the second attempt is not made again', async t => {
	const world = scheduledWorld([packSettings({timeZone: 'UTC', jitter: 0})], {
		start: at('2026-01-01T12:00Z'),
	});
	world.outcome = 'skipped';
	world.startSupervisor();
	await world.pass(at('2026-01-04T04:00Z') - world.now());
	world.outcome = 'nothing-to-drop';
	await world.pass(3 * day);
	t.is(world.slots.length, 2);
});

test('storages with schedules of their own run at their own times, the others together', async t => {
	const world = scheduledWorld(
		[
			packSettings({timeZone: 'UTC', jitter: 0}),
			packSettings({storage: 'big', schedule: '0 1 1 * *', timeZone: 'UTC', jitter: 0}),
		],
		{
			start: at('2026-01-30T12:00Z'),
			storages: [storage('1'), storage('big'), storage('2'), storage('archive', true)],
		},
	);
	world.startSupervisor();
	await world.pass(3 * day);
	const runs = world.history.flatMap(record =>
		record.event === 'pack-begin' ? [record.storages] : [],
	);
	t.deepEqual(runs, [['big'], ['1', '2']]);
});

test('the supervisor wakes up at most once an hour and at the slots', async t => {
	const world = scheduledWorld([packSettings({timeZone: 'UTC'})], {start: at('2026-01-01T12:00Z')});
	world.startSupervisor();
	await world.pass(week);
	t.true(world.wakeUps() <= 7 * 24 + 5, String(world.wakeUps()));
});

test('a slot that is due while the server starts waits for it, ten minutes at most', async t => {
	const world = scheduledWorld([packSettings({timeZone: 'UTC', jitter: 0})], {
		start: at('2026-01-03T12:00Z'),
	});
	world.isServing = false;
	world.startSupervisor();
	await world.pass(at('2026-01-04T03:20Z') - world.now());
	t.deepEqual(world.slots, []);
	world.isServing = true;
	await world.pass(5);
	t.deepEqual(world.slots, [at('2026-01-04T03:17Z')]);
	world.isServing = false;
	await world.pass(at('2026-01-11T03:26Z') - world.now());
	t.is(world.slots.length, 1);
	await world.pass(120);
	t.is(world.slots.length, 2);
});
