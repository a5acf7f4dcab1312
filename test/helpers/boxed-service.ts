import path from 'node:path';
import process from 'node:process';
import type {ExecutionContext} from 'ava';
import {testPython} from './python.js';
import type {Box, BoxResult} from './systemd-box.js';
import {waitFor} from './wait-for.js';
import {projectRoot} from './zeoctl.js';

const hostPython =
	process.env['ZEOCTL_TEST_PYTHON'] ?? path.join(projectRoot, '.test-env/bin/python');

/** The folder of the Python with the reference packages on this machine, to be seen in the box. */
export const pythonFolder = path.dirname(path.dirname(hostPython));

/** Where a hardened service sees that Python, and Node, in the box. */
export const boxPython = '/opt/python/bin/python';
export const boxNode = /^\/(?:usr|opt|bin)\//.test(process.execPath)
	? process.execPath
	: '/opt/zeoctl/node';

/** Where the test fixtures are in the box. */
export const boxFixtures = '/opt/zeoctl/fixtures';

export type BoxedService = {
	readonly box: Box;
	readonly unit: string;
	readonly folder: string;
	readonly conf: string;
	/** The words that call zeoctl for it. */
	readonly command: readonly string[];
	/** Generates files of a kind and copies them to a folder. */
	generate(kind: 'systemd' | 'initd' | 'cron' | 'logrotate', target: string): Promise<void>;
	/** A property of the unit, as systemd has it now. */
	show(property: string): Promise<string>;
	zeoctl(...words: readonly string[]): Promise<BoxResult>;
	/** What `status --json` says. */
	status(): Promise<Readonly<Record<string, unknown>> & {readonly pid: number | null}>;
	/** Starts the service; throws with its journal when that fails. */
	start(): Promise<void>;
	/** All lines of the journal about the service, or those of a filter. */
	journal(...filter: readonly string[]): Promise<string>;
	/** Waits until the unit is active with these main and server processes replaced, if any are named. */
	settled(before?: {readonly main?: number; readonly server?: number}): Promise<Pids>;
	/** Commits a value as a client of the server, or reads it. */
	commit(value: string): Promise<void>;
	read(): Promise<string>;
};

/** The processes of a service, as the box counts them. */
export type Pids = {readonly main: number; readonly server: number};

type ServiceOptions = {
	readonly port: number;
	/** Where it is; below `/srv` unless said otherwise. */
	readonly folder?: string;
	/** Runs instead of `runzeo`; the words of a shell. */
	readonly serve?: readonly string[];
	/** More of the conf: keys of the runner, and sections. */
	readonly runner?: string;
	readonly sections?: string;
	/** Lines of a drop-in for the unit's service section. */
	readonly service?: string;
	/** No units: it is to be installed in another way. */
	readonly isBare?: boolean;
};

/**
 * A ZEO server of an ordinary user, made a service of the box by the generated unit but not started. Undefined, after
 * saying why, where there is no Python with ZEO.
 */
export const boxedService = async (
	t: ExecutionContext,
	box: Box,
	options: ServiceOptions,
): Promise<BoxedService | undefined> => {
	if (testPython(t) === undefined) return undefined;
	const {port, service = ''} = options;
	const name = `zeo-test-${port}`;
	const {folder = `/srv/${name}`} = options;
	const conf = `${folder}/test-${port}.conf`;
	const command = boxedZeoctl(conf);
	await prepareBox(box);
	await box.write(`${folder}/server.conf`, serverSections(folder, port));
	await box.write(conf, renderConf(folder, options));
	await box.run(['chown', '-R', 'zodb:', folder]);
	const units = '/etc/systemd/system';
	const generate = async (kind: string, target: string): Promise<void> => {
		await box.run([...command, 'generate', kind, '--to', `/opt/made/${port}`]);
		await box.run([
			'sh',
			'-c',
			`cp /opt/made/${port}/${kind === 'initd' ? 'init.d' : kind}*/* ${target}`,
		]);
	};
	if (options.isBare !== true) {
		await generate('systemd', units);
		await box.write(`${units}/${name}.service.d/test.conf`, `[Service]\n${service}\n`);
		await box.run(['systemctl', 'daemon-reload']);
	}
	const show = (property: string) =>
		box.run(['systemctl', 'show', '--value', '-p', property, name]);
	const zeoctl = (...words: readonly string[]) => box.attempt([...command, ...words]);
	const status = async () => JSON.parse((await zeoctl('status', '--json')).stdout);
	const journal = (...filter: readonly string[]) =>
		box.run(['journalctl', '--no-pager', '-o', 'short-precise', '-u', name, ...filter]);
	const client = (...words: readonly string[]) =>
		box.run([boxPython, '-c', clientCode, String(port), ...words]);
	return {
		...{box, folder, conf, command, generate, show, zeoctl, status, journal},
		unit: `${name}.service`,
		async start() {
			const {exitCode, stderr} = await box.attempt(['systemctl', 'start', name]);
			if (exitCode !== 0) throw new Error(`${stderr}\n${await journal()}`);
		},
		settled: async (before = {}) =>
			waitFor(
				'a service that is up again',
				async () => {
					if ((await show('ActiveState')) !== 'active') return undefined;
					const main = Number(await show('MainPID'));
					const {pid, state} = await status();
					if (state !== 'running' || pid === null) return undefined;
					return main !== before.main && pid !== before.server ? {main, server: pid} : undefined;
				},
				120_000,
			),
		commit: async value => void (await client('commit', value)),
		read: () => client('read'),
	};
};

/** The words that call zeoctl for a conf, as the box has it. */
export const boxedZeoctl = (conf: string): readonly string[] => [
	...[boxNode, '/opt/zeoctl/dist/zeoctl.cjs', '-C'],
	conf,
];

/**
 * What is done once in a box: an ordinary user, and zeoctl, Node, Python and the fixtures where that user and a hardened
 * service can read them.
 */
export const prepareBox = (box: Box): Promise<string> =>
	box.run([
		...['sh', '-ec'],
		`[ ! -e /opt/zeoctl/ready ] || exit 0
		id zodb >/dev/null 2>&1 || useradd --system --no-create-home zodb
		rm -rf /opt/zeoctl /opt/python
		mkdir -p /opt/zeoctl
		cp -r ${projectRoot}/dist ${projectRoot}/units ${projectRoot}/test/fixtures /opt/zeoctl/
		[ ${boxNode} = ${process.execPath} ] || cp ${process.execPath} ${boxNode}
		[ ! -e ${pythonFolder} ] || cp -rL ${pythonFolder} /opt/python
		[ ! -e /opt/python ] || chmod -R go+rX /opt/python
		chmod -R go+rX /opt/zeoctl
		touch /opt/zeoctl/ready`,
	]);

const serverSections = (folder: string, port: number): string => `<zeo>
  address 127.0.0.1:${port}
</zeo>
<filestorage main>
  path ${folder}/Data.fs
</filestorage>
`;

const renderConf = (
	folder: string,
	{port, runner = '', sections = '', ...options}: ServiceOptions,
): string => {
	const {serve = [boxPython, '-m', 'ZEO.runzeo']} = options;
	const file = `${folder}/server.conf`;
	const command = [...serve, '-C', /\s/.test(file) ? `"${file}"` : file].join(' ');
	return `${serverSections(folder, port)}<runner>
  program ${command}
  socket-name ${folder}/control
  user zodb
  start-timeout 120
  ${runner}
</runner>
${sections}
`;
};

const clientCode = `
import sys, time, transaction, ZEO
port, verb, *value = sys.argv[1:]
db = ZEO.DB(("127.0.0.1", int(port)), storage="main", wait=True, wait_timeout=60)
with db.transaction() as connection:
    if verb == "commit":
        connection.root()["value"] = value[0]
    else:
        print(connection.root().get("value"))
db.close()
`;
