import test from 'ava';
import {blocksFor, parseLogrotate} from '../../../src/cli/doctor/logrotate.js';

const text = `
# weekly
weekly
include /etc/logrotate.d

/var/log/zeo/*.log "/var/log/with blank.log" {
	daily
	copytruncate   # loses lines
	postrotate
		kill -USR1 1 }
	endscript
	rotate 4
}
/var/log/a
/var/log/b
{
	missingok
}
`;

test('blocks have their paths and directives, scripts are left out', t => {
	t.deepEqual(parseLogrotate('f', text), [
		{
			file: 'f',
			logs: ['/var/log/zeo/*.log', '/var/log/with blank.log'],
			directives: ['daily', 'copytruncate', 'rotate 4'],
		},
		{file: 'f', logs: ['/var/log/a', '/var/log/b'], directives: ['missingok']},
	]);
});

const covers = test.macro((t, log: string, expected: number) => {
	t.is(blocksFor(log, parseLogrotate('f', text)).length, expected);
});

test('a pattern matches names in its folder', covers, '/var/log/zeo/one.log', 1);
test('a pattern does not match folders below', covers, '/var/log/zeo/sub/one.log', 0);
test('a path in quotes is one path', covers, '/var/log/with blank.log', 1);
test('a path on a line of its own counts', covers, '/var/log/a', 1);
test('a dot is a dot', covers, '/var/log/zeo/oneXlog', 0);
test('a word outside of a block is no path', covers, '/etc/logrotate.d', 0);

test('a pattern of letters or of one letter, and one that cannot be', t => {
	const blocks = parseLogrotate('f', '/l/[ab]?.log {\n}\n/l/[z-a].log {\n}\n/l/\\*.log {\n}\n');
	t.is(blocksFor('/l/bx.log', blocks).length, 1);
	t.is(blocksFor('/l/cx.log', blocks).length, 0);
	t.is(blocksFor('/l/*.log', blocks).length, 1);
	t.is(blocksFor('/l/x.log', blocks).length, 0);
});
