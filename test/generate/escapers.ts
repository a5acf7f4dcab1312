import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {renderCronCommand} from '../../src/generate/cron.js';
import {renderLogrotatePath} from '../../src/generate/logrotate.js';
import {renderUnitCommand, renderUnitWord} from '../../src/generate/unit-text.js';
import {renderShellCommand} from '../../src/platform/shell-word.js';
import {skip} from '../helpers/python.js';
import {readAsCron} from '../helpers/read-as-cron.js';
import {hostileNames} from '../helpers/service-facts.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const names = hostileNames(150);
const print = ['printf', '%s\\0'] as const;
const runInShell = (command: string): readonly string[] =>
	execFileSync('sh', ['-c', command], {encoding: 'utf8'}).split('\0').slice(0, -1);

test('a shell reads every word back', t => {
	t.deepEqual(runInShell(renderShellCommand([...print, ...names])), names);
});

test('a shell that cron starts reads every word back', t => {
	for (const name of names) {
		const command = renderCronCommand(renderShellCommand([...print, name]));
		t.deepEqual(runInShell(readAsCron(command)), [name]);
	}
});

test('a command that cron would cut is refused', t => {
	t.throws(() => renderCronCommand('%'.repeat(500)), {message: /too long/});
});

test('logrotate takes every path for the one file', t => {
	const folder = temporaryFolder(t);
	const logs = names.map((name, index) => path.join(folder, `${index}`, name, 'x.log'));
	for (const log of logs) {
		mkdirSync(path.dirname(log), {recursive: true});
		writeFileSync(log, 'text');
	}
	const possible = logs.filter(log => !/[{}]/.test(log));
	const conf = path.join(folder, 'conf');
	writeFileSync(conf, `${possible.map(renderLogrotatePath).join('\n')}\n{\n\tweekly\n}\n`);
	const words = ['--debug', '--state', path.join(folder, 'state'), conf];
	const env = {...process.env, PATH: `${process.env['PATH']}:/usr/sbin`};
	const {stderr, error} = spawnSync('logrotate', words, {encoding: 'utf8', env});
	if (error) return skip(t, 'logrotate is not installed');
	const considered = [...stderr.matchAll(/^considering log (.*)$/gm)].map(([, log]) => log);
	t.deepEqual(considered, possible);
});

test('a path that logrotate cannot read is refused', t => {
	t.throws(() => renderLogrotatePath('/srv/{a/x.log'), {message: /brace/});
	t.throws(() => renderLogrotatePath('/srv/a}/x.log'), {message: /brace/});
});

test('words of a unit need no quotes where they are plain', t => {
	t.is(
		renderUnitCommand(['/usr/bin/node', '-C', '/srv/a-b.conf']),
		'/usr/bin/node -C /srv/a-b.conf',
	);
	t.is(renderUnitWord('/srv/50%'), '/srv/50%%');
	t.is(renderUnitCommand(['a b', '$HOME', 'c"d\\']), '"a b" "$$HOME" "c\\"d\\\\"');
});
