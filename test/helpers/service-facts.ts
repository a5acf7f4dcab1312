import path from 'node:path';
import type {ServiceFacts} from '../../src/generate/service-facts.js';
import {readTemplates} from '../../src/generate/templates.js';
import {seededRandom} from './seeded-random.js';
import {projectRoot} from './zeoctl.js';

export const templates = readTemplates(path.join(projectRoot, 'units'));

export const weeklyPack: ServiceFacts['packs'][number] = {
	...{storage: undefined, schedule: '17 3 * * 0', days: 7, jitter: 600},
	...{margin: 10, alarmAfter: 1_296_000},
};

/** An instance below `/srv/app` that is packed and sends mail. */
export const serviceFacts = (changes: Partial<ServiceFacts> = {}): ServiceFacts => ({
	...{name: 'app', conf: '/srv/app/etc/app-zeoctl.conf', directory: '/srv/app'},
	...{node: '/bin/true', script: '/opt/zeoctl/dist/zeoctl.cjs', launcher: '/bin/true'},
	canConnect: true,
	...{user: 'daemon', group: 'daemon', home: '/srv/app'},
	writable: ['/run/app', '/srv/app/var', '/var/lib/app'],
	folders: ['/run/app', '/srv/app/var', '/srv/app/var/log', '/var/lib/app'],
	data: ['/srv/app/var/Data.fs'],
	confs: ['/srv/app/etc/app-zeoctl.conf'],
	...{socketFolder: '/run/app', pidFile: '/run/app/.zeo.sock.d/pid'},
	stateDirectory: '/var/lib/app',
	logs: ['/srv/app/var/log/zeo.log'],
	...{startTimeout: 300, stopTimeout: 300, needsAddress: true},
	...{packs: [weeklyPack], mailTo: ['ops@example.org']},
	hasSendmail: false,
	...changes,
});

const pieces = [
	...[' ', '  ', "'", '"', '`', '$', '$$', '${HOME}', '$(id)', '%', '%%', '%h', '%n', '\\', '\\%'],
	...['\\n', ';', '&', '|', '>', '<', '*', '?', '[', ']', '[a]', '}', '#', '!', '~', '=', ':', ','],
	...['-', '+', '@', '(', ')', '^', 'größe', '大きさ', '🐘', 'a', '.', '{{name}}', 'x'.repeat(40)],
] as const;

/** Names of files as somebody would choose them who wants to get out of a generated file; always the same ones. */
export const hostileNames = (howMany: number, seed = 11): readonly string[] => {
	const {below, pick} = seededRandom(seed);
	const names = Array.from({length: howMany}, () =>
		Array.from({length: 1 + below(7)}, () => pick(pieces)).join(''),
	);
	return ['a '.repeat(100), 'end\\', ' begin', 'end ', '-n', ';', ...names].filter(
		name => name !== '.' && name !== '..',
	);
};
