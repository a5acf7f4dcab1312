import type {Machine} from '../../src/scaffold/answer-checks.js';
import {type AnswerName, type Answers, questions} from '../../src/scaffold/answers.js';
import {type Refusal, settleAnswers} from '../../src/scaffold/settle-answers.js';
import {machineOf} from './scaffold.js';
import {type SeededRandom, seededRandom} from './seeded-random.js';

/** What ends a word, a line, a section or a command in one of the files that are made of answers. */
const pieces = [
	...['\n', '\r', '\0', '\u001b[2J', '\u2028', '\u0085', '\t', ' ', '  ', '\u00a0', '\ufeff'],
	...["'", '"', '`', '\\', '\\\n', '$', '$$', '${x}', '$(id)', '%', '%%', '%h', '%n', '\\%'],
	...[';', '&', '|', '>', '<', '*', '?', '[a]', '{', '}', '(', ')', '#', '!', '~', '=', ':', ','],
	...['</zeo>', '\n</runner>\n<runner>', '%include /etc/passwd', '%define x y', '{{name}}'],
	...['\nExecStart=/bin/sh', '\nroot::0:0::/:/bin/sh', '/../..', '..', '-', '-C', '--', '@', '+'],
	...['größe', '大きさ', '🐘', '\u202e', '\ud800', 'x'.repeat(200), 'a', 'none', '0'],
] as const;

/** Values that a person would give. */
const plain: Partial<Readonly<Record<AnswerName, readonly [string, ...string[]]>>> = {
	project_name: ['The Shop', 'Größe & Co. <shop>', '100 % $hop #1 "best"', "Anna's `shop`"],
	project_slug: ['shop', 'Shop_1', 'a'],
	eggs_directory: ['/var/cache/zeo', '/srv/egg cache', '../eggs'],
	run_user: ['zeoadm', '_zeo', 'nobody'],
	run_group: ['zeo', 'users'],
	zeo_server_port: ['8100', '18100', '80', '0', '70000', '9999'],
	zeo_monitor_port: ['8101', 'none', '1', '65536'],
	zeo_storage: ['main', '1', 'shop.fs'],
	blobs: ['yes', 'no'],
	zeo_version: ['4', '5', '6'],
	use_zeo_auth: ['yes', 'no'],
	zeo_auth_user: ['web', 'client-1', 'ca', 'server'],
	pack_schedule: ['17 3 * * 0', '*/5 1-3 1,15 jan-jun mon', '0 0 1 1 7', 'none'],
	pack_days: ['0', '7', '00030', '99999'],
	zeo_pack_report: [
		...(['ops@example.org', 'The Admins <a+b@example.org>', 'root'] as const),
		...['größe@example.org', "o'neil@example.org", '$x%y@example.org', 'none'],
	],
	mail_server: ['localhost', 'mail.example.org:25', '/usr/sbin/sendmail', '/opt/a b/send'],
	logs_directory: ['var/log', './log', 'my logs', 'a"b', "it's", '$HOME/%d', 'a;b&c|d'],
};

/** Answers as somebody would give them who wants to get out of a generated file; always the same ones. */
export const hostileAnswers = (howMany: number, seed = 5): readonly Partial<Answers>[] => {
	const random = seededRandom(seed);
	return Array.from({length: howMany}, () =>
		Object.fromEntries(
			questions.flatMap(({name}) => {
				const values = plain[name];
				return values === undefined ? [] : [[name, makeValue(random, values)]];
			}),
		),
	);
};

const makeValue = ({below, pick}: SeededRandom, values: readonly [string, ...string[]]): string => {
	const value = pick(values);
	const kind = below(4);
	if (kind === 0) return Array.from({length: below(6)}, () => pick(pieces)).join('');
	if (kind === 1) {
		const at = below(value.length + 1);
		return `${value.slice(0, at)}${pick(pieces)}${value.slice(at)}`;
	}
	return value;
};

/** Names of folders that an instance is made in, as hostile as they may be. */
export const hostileFolderNames = (howMany: number, seed = 6): readonly string[] => {
	const {below, pick} = seededRandom(seed);
	return Array.from({length: howMany}, (_, index) => {
		const name = Array.from({length: 1 + below(5)}, () => pick(pieces)).join('');
		return `${index}${name.replaceAll(/[/\0]|x{3,}/g, '')}`;
	});
};

/** What is left of hostile answers when each that is refused is taken back, and all refusals. */
export const settleHostile = (
	given: Partial<Answers>,
	machine: Machine = machineOf(),
): {readonly answers: Answers; readonly refusals: readonly Refusal[]} => {
	const first = settleAnswers(given, machine);
	if ('answers' in first) return {answers: first.answers, refusals: []};
	const names = new Set<string>(first.refusals.map(({name}) => name));
	const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !names.has(name)));
	const {answers, refusals} = settleHostile(rest, machine);
	return {answers, refusals: [...first.refusals, ...refusals]};
};
