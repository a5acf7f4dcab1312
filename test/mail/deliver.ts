import {writeFileSync} from 'node:fs';
import test, {type ExecutionContext} from 'ava';
import {type Attempt, type Deliverer, deliverFor, deliverOnce} from '../../src/mail/deliver.js';
import {hashOf} from '../../src/mail/entry-name.js';
import type {Message} from '../../src/mail/message.js';
import {openSpool} from '../../src/mail/spool.js';
import {DeliveryError} from '../../src/mail/transport.js';
import {thisMorning} from '../helpers/histories.js';
import {messageOf} from '../helpers/messages.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

type Answer = 'ok' | 'later' | 'never';

/** A deliverer in a world where time passes by sleeping only. */
const world = (t: ExecutionContext<unknown>, answer: (tried: number) => Answer) => {
	const spool = openSpool(temporaryFolder(t));
	const attempts: Attempt[] = [];
	const sent: string[] = [];
	let now = thisMorning;
	let tried = 0;
	const pauses: number[] = [];
	const deliverer: Deliverer = {
		spool,
		now: () => now,
		compose: async ({id}: Message) => ({from: id, to: ['a@b'], raw: Buffer.from(id)}),
		onAttempt: attempt => attempts.push(attempt),
		transport: {
			name: 'nowhere',
			async deliver({from}) {
				tried += 1;
				const word = answer(tried);
				if (word !== 'ok') throw new DeliveryError(word, {isPermanent: word === 'never'});
				sent.push(from);
				return {response: 'ok', refused: []};
			},
		},
	};
	return {
		...deliverer,
		deliverer,
		attempts,
		sent,
		pauses,
		tried: () => tried,
		pass: (seconds: number) => {
			now += seconds;
		},
		sleep: async (ms: number) => {
			pauses.push(ms / 1000);
			now += ms / 1000;
		},
	};
};

const day = 86_400;
const one = {hashes: new Set([hashOf('m1@db1.example.org')]), seconds: 120};

test('a message that is taken is sent once and gone', async t => {
	const {spool, deliverer, sent, attempts, sleep} = world(t, () => 'ok');
	spool.put(messageOf('m1'));
	t.is(await deliverFor(deliverer, {...one, sleep}), 0);
	t.deepEqual(sent, ['m1@db1.example.org']);
	t.like(attempts, [{result: 'sent', attempts: 1, response: 'ok'}]);
	t.deepEqual(spool.list(), []);
});

test('for two minutes it is tried with longer and longer pauses', async t => {
	const {spool, deliverer, pauses, sleep} = world(t, () => 'later');
	spool.put(messageOf('m1'));
	t.is(await deliverFor(deliverer, {...one, sleep}), 1);
	t.deepEqual(pauses, [5, 10, 20, 40]);
	t.like(spool.list(), [{attempts: 5, due: thisMorning + 300}]);
});

test('a refusal for good is not tried again at once, but later', async t => {
	const {spool, deliverer, pauses, sleep} = world(t, () => 'never');
	spool.put(messageOf('m1'));
	t.is(await deliverFor(deliverer, {...one, sleep}), 1);
	t.deepEqual(pauses, []);
	t.like(spool.list(), [{attempts: 1, place: 'waiting', due: thisMorning + 300}]);
});

test('other messages wait for their own time', async t => {
	const {spool, deliverer, sent, sleep} = world(t, () => 'ok');
	spool.put(messageOf('m1'));
	spool.put(messageOf('m2'));
	await deliverFor(deliverer, {...one, sleep});
	t.deepEqual(sent, ['m1@db1.example.org']);
	t.is(spool.list().length, 1);
});

test('only what is due is tried, unless everything is asked for', async t => {
	const {spool, deliverer, tried, pass} = world(t, () => 'later');
	spool.put(messageOf('m1'));
	await deliverOnce(deliverer, 'due');
	await deliverOnce(deliverer, 'due');
	t.is(tried(), 1);
	await deliverOnce(deliverer, 'all');
	t.is(tried(), 2);
	pass(300);
	await deliverOnce(deliverer, 'due');
	t.is(tried(), 3);
});

test('a mail server that is dead for a week gets so many attempts, then the mail is given up and kept', async t => {
	const {spool, deliverer, attempts, pass, sleep} = world(t, () => 'later');
	spool.put(messageOf('m1', {isBad: true}));
	await deliverFor(deliverer, {...one, sleep});
	for (let minute = 0; minute < 12 * 24 * 60; minute += 5) {
		pass(300);
		await deliverOnce(deliverer, 'due');
	}
	const results = attempts.map(({result}) => result);
	t.is(results.at(-1), 'given-up');
	t.is(results.filter(result => result === 'given-up').length, 1);
	t.true(results.length >= 13 && results.length <= 18, `${results.length} attempts`);
	t.like(spool.list(), [{place: 'given-up'}]);
	await deliverOnce(deliverer, 'all');
	t.is(attempts.length, results.length + 1);
});

test('a mail server that comes back gets what waits, under the same id', async t => {
	const {spool, deliverer, sent, pass} = world(t, tried => (tried < 3 ? 'later' : 'ok'));
	spool.put(messageOf('m1'));
	await deliverOnce(deliverer, 'due');
	pass(300);
	await deliverOnce(deliverer, 'due');
	pass(day);
	await deliverOnce(deliverer, 'due');
	t.deepEqual(sent, ['m1@db1.example.org']);
	t.deepEqual(spool.list(), []);
});

test('a file that is no message is put aside', async t => {
	const {spool, deliverer, tried} = world(t, () => 'ok');
	spool.put(messageOf('m1'));
	const [entry] = spool.list();
	writeFileSync(entry?.file ?? '', '{"id":');
	await deliverOnce(deliverer, 'due');
	t.is(tried(), 0);
	t.like(spool.list(), [{place: 'given-up'}]);
});

test('two who deliver at the same time send each message once', async t => {
	const {spool, deliverer, sent} = world(t, () => 'ok');
	const names = Array.from({length: 30}, (_, index) => `m${index}`);
	for (const name of names) spool.put(messageOf(name));
	await Promise.all([deliverOnce(deliverer, 'due'), deliverOnce(deliverer, 'due')]);
	t.deepEqual(sent.toSorted(), names.map(name => `${name}@db1.example.org`).toSorted());
});
