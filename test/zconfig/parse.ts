import test from 'ava';
import {renderProblem} from '../../src/zconfig/errors.js';
import {sourceReader} from '../../src/zconfig/include.js';
import {parseConfiguration} from '../../src/zconfig/parse.js';
import type {Item, Tree} from '../../src/zconfig/tree.js';

const parseFiles = (files: Readonly<Record<string, string>>, environment = {}): Tree => {
	const read = sourceReader(path => {
		const content = files[path];
		if (content !== undefined) return Buffer.from(content);
		throw Object.assign(new Error('ENOENT: no such file or directory, open'), {
			code: 'ENOENT',
			errno: -2,
		});
	}, '/');
	return parseConfiguration({location: '/x.conf', read, environment});
};

const parse = (text: string): Tree => parseFiles({'/x.conf': text});

/** The tree in brief: `key=value`, `type name[...]`, `!problem`. */
const brief = (items: readonly Item[]): string =>
	items
		.map(item => {
			switch (item.kind) {
				case 'key':
					return `${item.key}=${item.value}`;
				case 'section':
					return `${item.type}${item.name ? ` ${item.name}` : ''}[${brief(item.items)}]`;
				case 'import':
					return `import ${item.packageName}`;
				case 'problem':
					return `!${item.problem.message}`;
				default:
					return item satisfies never;
			}
		})
		.join(', ');

for (const [title, text, expected] of [
	['keys are words, values the rest of the line', 'a  b c \nd', 'a=b c, d='],
	['a parenthesis ends a key', 'program(x)', 'program=(x)'],
	['comments and blank lines say nothing', ' # x\n\n\t\na b # c', 'a=b # c'],
	['types and names are folded', '<A B>\n</a>', 'a b[]'],
	['an empty element is a section', '<a/>\n<b c />', 'a[], b c[]'],
	['blanks are allowed before the bracket', '<a >\n</a >\n<b x >\n</B >', 'a[], b x[]'],
	['carriage returns are white space', '<a>\r\nb c\r\n</a>\r', 'a[b=c]'],
	['no-break spaces are white space', '\xa0a\u3000b\x85', 'a=b'],
	['a byte-order mark is part of the first word', '\ufeffa b', '\ufeffa=b'],
	['definitions replace from there on', '%define X 1\na $x\n%define y $x$x\nb $Y', 'a=1, b=11'],
	['a definition may be repeated as it was stored', '%define x 1\n%define X 1\na $x', 'a=1'],
	['a definition may be empty', '%define x\na [$x]', 'a=[]'],
	['imports stay in their place', '<a>\n%import zc.x\n</a>', 'a[import zc.x]'],
	['references in headers are not replaced', '%define t a\n<$t>\n</$t>', '$t[]'],
] as const) {
	test(title, t => {
		t.is(brief(parse(text).items), expected);
	});
}

for (const [text, message, line] of [
	['<a', 'malformed section start', 1],
	['<a> x', 'malformed section start', 1],
	['<a>\n</a', 'malformed section end', 2],
	['<>', 'malformed section header', 1],
	['< a>', 'malformed section header', 1],
	['<a b c>', 'malformed section header', 1],
	['<a(b)>', 'malformed section header', 1],
	['x\n</a>', 'unexpected section end', 2],
	['<a>\n</b>', 'unbalanced section end', 2],
	['<a>\n</ a>', 'unbalanced section end', 2],
	['<a b>\n</a b>', 'unbalanced section end', 2],
	['<a>\nx 1\n', 'unclosed sections not allowed', 2],
	['<a>\nx 1\n\n', 'unclosed sections not allowed', 3],
	['<a>\nx 1', 'unclosed sections not allowed', 2],
	['\n(x)', 'malformed configuration data', 2],
	['%', 'missing or unrecognized directive', 1],
	['% define x', 'missing or unrecognized directive', 1],
	['%Define x', "unknown directive: 'Define'", 1],
	['%define', 'missing argument to %define directive', 1],
	['%include ', 'missing argument to %include directive', 1],
	['%define x-y 1', "not a substitution legal name: 'x-y'", 1],
	['%define x 1\n%define X 2', "cannot redefine 'x'", 2],
	['%define a 1\n%define x $a\n%define x $a', "cannot redefine 'x'", 3],
	['a $nope', "no replacement for 'nope'", 1],
] as const) {
	test(`${JSON.stringify(text)}: ${message}`, t => {
		const [problem] = parse(text)
			.items.flatMap(function inside(item): Item[] {
				return item.kind === 'section' ? item.items.flatMap(inside) : [item];
			})
			.filter(item => item.kind === 'problem');
		t.is(problem && renderProblem(problem.problem), `${message}\n(line ${line} in file:///x.conf)`);
	});
}

test('reading goes on behind every mistake', t => {
	const text = '<a\nx $\n<b>\n<c>\ny 1\n</b>\n(z)\n</a>\n</d>\nw 2\n';
	t.is(
		brief(parse(text).items),
		[
			'!malformed section start',
			"a[!illegal lone '$' at end of source",
			'x=undefined',
			'b[c[y=1',
			'!unbalanced section end]]',
			'!malformed configuration data]',
			'!unexpected section end',
			'w=2',
		].join(', '),
	);
});

test('an included file is spliced in, with definitions going both ways', t => {
	const tree = parseFiles({
		'/x.conf': '%define n 1\n<a>\n%include d/y.conf\n</a>\nb $m',
		'/d/y.conf': 'k $n\n%define m 2\n%include z%20z.conf',
		'/d/z z.conf': '<c/>',
	});
	t.is(brief(tree.items), 'a[k=1, c[]], b=2');
	t.deepEqual(tree.sources, ['file:///x.conf', 'file:///d/y.conf', 'file:///d/z%20z.conf']);
});

test('an included file must be balanced by itself', t => {
	const tree = parseFiles({
		'/x.conf': '<a>\n%include y\nk 1\n</a>\n',
		'/y': '</a>\n<b>\n',
	});
	const problems = tree.items.flatMap(item => (item.kind === 'section' ? item.items : []));
	t.is(brief(problems), '!unexpected section end, b[!unclosed sections not allowed], k=1');
});

test('a missing included file is a mistake of the line that names it', t => {
	const [item] = parseFiles({'/x.conf': '\n%include no.conf'}).items;
	t.like(item?.kind === 'problem' ? item.problem : undefined, {
		message: "error opening file /no.conf: [Errno 2] No such file or directory: '/no.conf'",
		style: 'none',
		url: 'file:///x.conf',
		line: 2,
	});
});

test('files that include each other are refused', t => {
	const tree = parseFiles({'/x.conf': '%include y\na 1', '/y': '%include x.conf\nb 2'});
	t.is(brief(tree.items), "!the file includes itself: 'x.conf', b=2, a=1");
});

test('includes that double at every level come to an end', t => {
	const files: Record<string, string> = {'/x.conf': '%include f0\n%include f0'};
	for (let level = 0; level < 40; level++) {
		files[`/f${level}`] = `%include f${level + 1}\n%include f${level + 1}`;
	}
	files['/f40'] = 'a 1';
	const tree = parseFiles(files);
	t.true(brief(tree.items).includes('!more than 1000 included files'));
});

test('definitions that double at every line come to an end', t => {
	const lines = Array.from(
		{length: 60},
		(_, index) => `%define x${index + 1} $x${index}$x${index}`,
	);
	const tree = parse(['%define x0 xxxxxxxx', ...lines, 'a $x60'].join('\n'));
	t.is(tree.items.filter(item => item.kind === 'problem').length, 1);
});

test('an included file in a loop of five hundred levels is read', t => {
	const files: Record<string, string> = {'/x.conf': '%include f0'};
	for (let level = 0; level < 500; level++) files[`/f${level}`] = `%include f${level + 1}`;
	files['/f500'] = 'a 1';
	t.is(brief(parseFiles(files).items), 'a=1');
});

test('sections may be nested a hundred thousand deep', t => {
	const depth = 100_000;
	const tree = parse(`${'<a>\n'.repeat(depth)}${'</a>\n'.repeat(depth)}`);
	let item = tree.items[0];
	let seen = 0;
	for (; item?.kind === 'section'; item = item.items[0]) seen++;
	t.is(seen, depth);
});

test('a file that cannot be read is a tree with that one problem and no sources', t => {
	const tree = parseFiles({});
	t.is(tree.items.length, 1);
	t.deepEqual(tree.sources, []);
});
