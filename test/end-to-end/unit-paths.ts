import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {type FileKind, planServiceFiles} from '../../src/generate/plan.js';
import type {ServiceFacts} from '../../src/generate/service-facts.js';
import {hostileNames, serviceFacts, templates, weeklyPack} from '../helpers/service-facts.js';
import {type Box, useSystemdBox} from '../helpers/systemd-box.js';
import {waitFor} from '../helpers/wait-for.js';

const testInBox = useSystemdBox();

/** Stands in for Node: writes down in its folder where it was called, and with which words. */
const teller = '/opt/tell';
const tell = `#!/bin/sh
for last; do :; done
printf '%s\\0' "$PWD" "$@" >"told$last.new" && mv "told$last.new" "told$last"
`;

const instances: readonly ServiceFacts[] = hostileNames(30, 29)
	.filter(name => Buffer.byteLength(name) < 100)
	.map((name, index) => {
		const folder = `/srv/told ${index}/${name}`;
		return serviceFacts({
			...{name: `told-${index}`, conf: `${folder}/x.conf`, directory: folder, home: folder},
			...{node: teller, launcher: teller, script: `${folder}/zeoctl`},
			...{writable: [folder], socketFolder: folder, stateDirectory: `${folder}/state`},
			// logrotate takes no brace in a path.
			logs: /[{}]/.test(name) ? [] : [`${folder}/x.log`],
			packs: [{...weeklyPack, schedule: '* * * * *', jitter: 0}],
		});
	});

const write = `const fs = require('fs');
for (const [file, text, mode] of JSON.parse(fs.readFileSync(0))) {
	fs.mkdirSync(require('path').dirname(file), {recursive: true});
	fs.writeFileSync(file, text, {mode});
}`;

/** Makes all instances and puts their generated files of a kind into a folder. */
const install = async (box: Box, kind: FileKind, target: string): Promise<void> => {
	const own = instances.flatMap(({conf, script, logs, stateDirectory}) =>
		[conf, script, ...logs, `${stateDirectory}/outbox/none`].map(file => [file, 'text\n', 0o644]),
	);
	const made = instances.flatMap(facts =>
		planServiceFiles(facts, templates, [kind]).map(({path: file, content, mode}) => [
			...[path.join(target, path.basename(file)), content],
			mode,
		]),
	);
	const all = [[teller, tell, 0o755], ...own, ...made];
	await box.run([process.execPath, '-e', write], JSON.stringify(all));
	await box.run([
		'sh',
		'-c',
		'chown -R daemon: /srv/told*; find /srv/told* -name "told*" -type f -delete',
	]);
};

const read = `const fs = require('fs');
const told = JSON.parse(fs.readFileSync(0)).map(file => fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null);
console.log(JSON.stringify(told));`;

/** Waits for what the teller was called with, and compares it with the words of a command line of zeoctl. */
const haveHeard = async (
	t: ExecutionContext,
	box: Box,
	{
		verb,
		before = [],
		who = instances,
	}: {
		readonly verb: readonly string[];
		readonly before?: readonly string[];
		readonly who?: readonly ServiceFacts[];
	},
): Promise<void> => {
	const files = who.map(({directory}) => `${directory}/told${verb.at(-1)}`);
	const told = await waitFor(
		`calls of ${verb.join(' ')}`,
		async () => {
			const all = JSON.parse(await box.run([process.execPath, '-e', read], JSON.stringify(files)));
			return all.includes(null) ? undefined : all;
		},
		180_000,
	);
	for (const [index, {directory, conf, script}] of who.entries())
		t.deepEqual(told[index].split('\0').slice(0, -1), [
			...[directory, ...before, script, '-C', conf],
			...verb,
		]);
};

testInBox('systemd reads every path back, whatever is in it', async (t, box) => {
	t.timeout(300_000);
	const units = '/etc/systemd/system';
	await install(box, 'systemd', units);
	const drop = '[Service]\nType=oneshot\nRestart=no\nWatchdogSec=0\nExecStop=\n';
	await box.write(`${units}/zeo-.service.d/test.conf`, drop);
	await box.run(['systemctl', 'daemon-reload']);
	const all = (before: string, after: string): readonly string[] =>
		instances.map(({name}) => `${before}zeo-${name}.${after}`);
	await box.run(['systemctl', 'start', ...all('', 'service'), ...all('pack-', 'service')]);
	await box.run(['systemctl', 'start', ...all('mail-', 'path')]);
	await box.run([
		'touch',
		...instances.map(({stateDirectory}) => `${stateDirectory}/outbox/1.json`),
	]);
	await haveHeard(t, box, {before: [teller], verb: ['supervise']});
	await haveHeard(t, box, {verb: ['pack', '--scheduled']});
	await haveHeard(t, box, {verb: ['mail', 'flush', '--due']});
	await box.run(['systemctl', 'stop', ...all('mail-', 'path')]);
	const journal = await box.run(['journalctl', '-b', '-p', 'warning', '-o', 'cat', '--no-pager']);
	t.notRegex(journal, /told-\d+\.(?:service|path|timer):\d+:/);
});

testInBox('a shell reads every path of an init script back', async (t, box) => {
	await install(box, 'initd', '/opt/init.d');
	const scripts = instances.map(({name}) => `/opt/init.d/zeo-${name}`);
	await box.run(['sh', '-ec', 'for each; do "$each" start; done', 'sh', ...scripts]);
	await haveHeard(t, box, {verb: ['start']});
});

testInBox('logrotate rotates every log, whatever is in its path', async (t, box) => {
	await install(box, 'logrotate', '/opt/logrotate.d');
	const files = instances.flatMap(({name, logs}) => logs.map(() => `/opt/logrotate.d/zeo-${name}`));
	await box.run(['logrotate', '--force', '--state', '/opt/logrotate.state', ...files]);
	const who = instances.filter(({logs}) => logs.length > 0);
	for (const log of who.flatMap(({logs}) => logs)) t.is(await box.run(['cat', `${log}.1`]), 'text');
	await haveHeard(t, box, {verb: ['logreopen'], who});
});

testInBox('cron reads every path back, whatever is in it', async (t, box) => {
	t.timeout(300_000);
	await install(box, 'cron', '/etc/cron.d');
	await box.run(['systemctl', 'start', 'cron.service']);
	await haveHeard(t, box, {verb: ['pack', '--scheduled']});
	await box.run(['systemctl', 'stop', 'cron.service']);
});
