import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {main} from '../../src/cli/main.js';
import {fakeSystem} from '../helpers/fake-system.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const runner = (line: string): string => `<runner>\n  program sleep 100\n  ${line}\n</runner>\n`;

for (const action of ['status', 'start', 'stop']) {
	test(`${action} tells where a conf names a user whom nobody knows, and what makes the user`, async t => {
		const conf = path.join(temporaryFolder(t), 'd.conf');
		writeFileSync(conf, runner('user no-such-user'));
		const system = fakeSystem(['-C', conf, action], {terminal: true});
		t.is(await main(system), 2);
		t.is(
			system.written.stderr,
			[
				"Error: username 'no-such-user' not found",
				`(line 3 in file://${conf})`,
				'For help, use /usr/bin/zeoctl -h',
				'next: sudo useradd --system --user-group no-such-user',
				'',
			].join('\n'),
		);
	});
}

test('a number that nobody has gets a user who has it', async t => {
	const conf = path.join(temporaryFolder(t), 'd.conf');
	writeFileSync(conf, runner('user 4294000'));
	const system = fakeSystem(['-C', conf, 'status'], {terminal: true, euid: 0});
	t.is(await main(system), 2);
	t.regex(system.written.stderr, /^Error: uid '4294000' not found\n\(line 3 in /);
	t.regex(
		system.written.stderr,
		/^next: useradd --system --user-group --uid 4294000 user4294000$/m,
	);
});

test('a user who was typed gets the two lines of zdaemon', async t => {
	const system = fakeSystem(['-p', 'sleep 100', '-u', 'no-such-user', 'status'], {terminal: true});
	t.is(await main(system), 2);
	t.is(
		system.written.stderr,
		"Error: username 'no-such-user' not found\nFor help, use /usr/bin/zeoctl -h\n",
	);
});
