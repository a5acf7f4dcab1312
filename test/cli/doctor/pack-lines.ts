import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {findPackLines, packLinesIn} from '../../../src/cli/doctor/pack-lines.js';
import {temporaryFolder} from '../../helpers/temporary-folder.js';

const server = {
	confPath: undefined,
	zeo: {
		address: {family: 'inet', host: '127.0.0.1', port: 8100},
		readOnly: false,
		transactionTimeout: undefined,
		pidFilename: undefined,
		tls: undefined,
	},
	storages: [],
	hasEventLog: false,
} as const;
const aim = {conf: '/srv/shop/etc/zeo.conf', server};

const found = test.macro((t, line: string, expected: 'old' | 'ours' | 'none') => {
	const [only] = packLinesIn('f', `# comment\n${line}\n`, aim);
	t.is(only === undefined ? 'none' : only.isOurs ? 'ours' : 'old', expected);
	if (only !== undefined) t.is(only.line, 2);
});

test('zeopack with the port', found, '0 3 * * 0 zeo zeopack -h localhost -p 8100 -S 1', 'old');
test('zeopack with host and port', found, '@weekly zeo /usr/bin/zeopack localhost:8100', 'old');
test('zeopack of the instance', found, '0 3 * * 0 zeo /srv/shop/bin/zeopack', 'old');
test('zeopack of another one', found, '0 3 * * 0 zeo /srv/blog/bin/zeopack -p 8200', 'none');
test('a port that only begins like it', found, '0 3 * * 0 zeo zeopack -p 81000', 'none');
test('a comment', found, '# 0 3 * * 0 zeo zeopack -p 8100', 'none');
test('another command', found, '0 3 * * 0 zeo repozo -B -f /srv/shop/var/Data.fs', 'none');
test(
	'our own line',
	found,
	'17 3 * * 0 zeo zeoctl -C /srv/shop/etc/zeo.conf pack --scheduled',
	'ours',
);
test('a pack by hand', found, '17 3 * * 0 zeo zeoctl -C /srv/shop/etc/zeo.conf pack', 'old');

test('a conf with a blank in its name is found in its quotes', t => {
	const blank = {conf: '/srv/my shop.conf', server: undefined};
	const line = "0 3 * * 0 zeo zeoctl -C '/srv/my shop.conf' pack --scheduled\n";
	t.is(packLinesIn('f', line, blank).length, 1);
	t.is(packLinesIn('f', line.replace('my shop', 'shop'), blank).length, 0);
});

test('all that cron reads is looked at, but for what it passes over', t => {
	const etc = temporaryFolder(t);
	mkdirSync(path.join(etc, 'cron.d'));
	mkdirSync(path.join(etc, 'cron.weekly'));
	const line = '0 3 * * 0 zeo zeopack -p 8100\n';
	for (const name of ['crontab', 'cron.d/zeo', 'cron.d/zeo.bak', 'cron.weekly/zeo'])
		writeFileSync(path.join(etc, name), line);
	t.deepEqual(
		findPackLines(etc, aim).map(({file}) => path.relative(etc, file)),
		['crontab', 'cron.d/zeo', 'cron.weekly/zeo'],
	);
});
