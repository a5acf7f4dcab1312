import test from 'ava';
import {gatherFacts} from '../../src/report/facts.js';
import {renderHtml} from '../../src/report/html.js';
import type {Letter} from '../../src/report/letter.js';
import {packLetter} from '../../src/report/pack-letter.js';
import {listRuns} from '../../src/report/runs.js';
import {renderText} from '../../src/report/text.js';
import {crashLetter, overdueLetter, testLetter} from '../../src/report/trouble-letter.js';
import {sumUpUnrest} from '../../src/report/unrest.js';
import {crashAt, runOf, thisMorning, week, weeklyRuns} from '../helpers/histories.js';
import {commandsTerminal, hostileTexts} from '../helpers/hostile-text.js';
import {hostileLetter, sampleLetter} from '../helpers/letters.js';

// Moments are written in the local time zone.
process.env['TZ'] = 'UTC';

const sender = {instance: 'main', host: 'db1.example.org', now: thisMorning + 300};

const letterOf = (history: ReturnType<typeof runOf>): Letter => {
	const run = listRuns(history).at(-1);
	if (run === undefined) throw new Error('no run');
	const facts = gatherFacts(history, run, {
		...sender,
		nextRun: null,
		alarmAfter: () => 15 * 86_400,
	});
	return packLetter(facts, sender.now);
};

for (const [what, more, subject] of [
	['that dropped something', {}, 'packed, 1.2 GB freed'],
	['with nothing to drop', {outcome: 'nothing-to-drop'}, 'nothing to drop, 0 bytes freed'],
	['that was skipped', {outcome: 'skipped', after: null}, 'pack SKIPPED'],
	['that failed', {outcome: 'failed', after: null}, 'pack FAILED'],
	['whose end is unknown', {outcome: 'unknown', after: null}, 'pack outcome UNKNOWN'],
] as const) {
	test(`the subject of a run ${what} says so`, t => {
		const history = [...runOf('a', {at: thisMorning - week}), ...runOf('b', more)];
		t.is(letterOf(history).subject, `zeoctl main on db1.example.org: ${subject}`);
	});
}

test('the subject says since when no pack has succeeded', t => {
	const history = [
		...runOf('a', {at: thisMorning - 3 * week}),
		...runOf('b', {outcome: 'failed', after: null}),
	];
	t.is(
		letterOf(history).subject,
		'zeoctl main on db1.example.org: pack FAILED, no good pack for 21 days',
	);
});

test('a report as text', t => {
	t.snapshot(renderText(sampleLetter()));
});

test('a report as a page', t => {
	t.snapshot(renderHtml(sampleLetter()));
});

test('a mail about a lost database says so in its subject, and what must not be done', t => {
	const text = "the file of storage 'main' has been deleted";
	const alarm = {at: thisMorning, event: 'alarm', alarm: 'deleted-file', text} as const;
	const letter = crashLetter(sumUpUnrest([alarm], null), sender);
	t.regex(letter.subject, /a database file is LOST/);
	t.regex(renderText(letter), /the file of storage 'main' has been deleted/);
	t.regex(renderText(letter).replaceAll(/\s+/g, ' '), /Do not stop or restart the server/);
});

test('a mail about crashes', t => {
	const history = [100, 90, 80].map(before =>
		crashAt(thisMorning - before, {lastOutput: ['MemoryError']}),
	);
	const letter = crashLetter(sumUpUnrest(history, null), sender);
	t.is(letter.subject, 'zeoctl main on db1.example.org: the server ended 3 times unasked');
	t.snapshot(renderText(letter));
});

test('a mail about packs that are overdue', t => {
	const letter = overdueLetter(
		[{storage: '1', since: thisMorning - 3 * week, isFloor: false}],
		sender,
	);
	t.is(letter.subject, 'zeoctl main on db1.example.org: NO good pack for 21 days');
	t.snapshot(renderText(letter));
});

test('a test mail is no alarm', t => {
	t.false(testLetter(sender).isBad);
});

test('without a past there is no chart', t => {
	const page = renderHtml(letterOf(runOf('a')));
	t.false(page.includes('aria-label'));
	t.false(renderText(letterOf(weeklyRuns(1))).includes('The last packs'));
});

test('no line of a text is longer than a terminal, whatever is in it', t => {
	const lines = renderText(hostileLetter(hostileTexts(400))).split('\n');
	const foreign = lines.filter(line => !line.startsWith('  | '));
	t.deepEqual(
		foreign.filter(line => [...line].length > 76),
		[],
	);
});

test('no foreign text commands the terminal, or breaks out of its line', t => {
	for (const text of hostileTexts(500)) {
		const letter = hostileLetter([text]);
		const plain = renderText(letter);
		t.false(commandsTerminal(plain), JSON.stringify(text));
	}
});

test('no foreign text adds a tag or an attribute to a page', t => {
	const tags = (page: string) => page.match(/<[a-z!/][^>]*>/gi)?.map(shape) ?? [];
	const innocent = tags(renderHtml(hostileLetter(['harmless'])));
	for (const text of hostileTexts(500)) {
		const page = renderHtml(hostileLetter([text]));
		t.deepEqual(tags(page), innocent, JSON.stringify(text));
		t.false(commandsTerminal(page), JSON.stringify(text));
	}
});

/** A tag without the values of its attributes. */
const shape = (tag: string): string => tag.replaceAll(/="[^"]*"/g, '');

test('a page needs nothing but itself', t => {
	const page = renderHtml(sampleLetter());
	t.false(/<(?:script|img|svg|link|iframe|object|form|style)\b/i.test(page));
	t.false(/\b(?:src|href|url\()|@import|javascript:/i.test(page));
	t.true(Buffer.byteLength(page) < 102_000, 'Gmail cuts what is longer');
});
