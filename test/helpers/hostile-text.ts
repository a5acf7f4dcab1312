import {seededRandom} from './seeded-random.js';

const pieces = [
	...[
		'\r\n',
		'\n',
		'\r',
		'\0',
		'\u001b[2J',
		'\u001b]0;owned\u0007',
		'\u009b31m',
		'\u2028',
		'\u2029',
	],
	...[
		'\u202e',
		'\u2066',
		'\ufeff',
		'\ud800',
		'<script>alert(1)</script>',
		'"><img src=x onerror=x>',
	],
	...[
		"' onload='x",
		'&lt;',
		'&',
		'<!--',
		']]>',
		'Bcc: victim@example.org',
		'\r\n\r\nbody',
		'=?utf-8?q?x?=',
	],
	...[
		'%0a',
		'\\',
		'\t',
		' ',
		'größe',
		'大きさ',
		'🐘',
		'a',
		'.',
		'..',
		'-',
		'~',
		'/',
		'x'.repeat(90),
	],
] as const;

/** Texts as somebody would choose them who wants to get out of a header, a page or a terminal; always the same ones. */
export const hostileTexts = (howMany: number, seed = 7): readonly string[] => {
	const {below, pick} = seededRandom(seed);
	return Array.from({length: howMany}, () =>
		Array.from({length: below(10)}, () =>
			below(10) === 0 ? String.fromCharCode(below(0x3000)) : pick(pieces),
		).join(''),
	);
};

/** Whether a terminal would obey something in a text; newlines are for its caller to judge. */
export const commandsTerminal = (text: string): boolean =>
	/[^\t\n\P{Cc}]|[\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/u.test(text);
