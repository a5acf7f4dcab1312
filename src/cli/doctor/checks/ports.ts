import {readFileSync} from 'node:fs';
import {renderHolder, searchListener} from '../../../guard/describe-holder.js';
import {type Holder, whoListens, whoseListener} from '../../../guard/holders.js';
import {type ListenAddress, listenAddress} from '../../../guard/listeners.js';
import {probeServer} from '../../../health/probe.js';
import type {ServerSettings} from '../../../settings/settings.js';
import {type Check, ofConf, ofServer} from '../check.js';
import {error, type Finding, fine, idle, unknown, warning} from '../finding.js';
import {ownPid} from '../own-program.js';

const address = ofServer({
	group: 'ports',
	name: 'address',
	about: 'the address of the server is free, or the instance itself has it',
	async run({server, contact, now}) {
		const wanted = listenAddress(server.zeo.address);
		if (wanted === undefined) return [idle('the server takes any free port')];
		const name = renderAddress(wanted);
		const holder = await whoListens(wanted);
		if (holder === undefined) return [fine(`${name} is free`)];
		const pid = ownPid(await contact());
		const whose = pid === undefined ? 'other' : await whoseListener({pid, address: wanted});
		if (whose === 'program') return [fine(`the server listens at ${name}`)];
		const text = `${name} is in use: ${renderHolder(holder, now)}`;
		return [
			whose === 'unknown' || !holder.visible
				? unknown(text, {
						advice: 'ask as root, or as the user of the instance, whether that is its server',
						command: searchListener(wanted),
					})
				: error(text, remedyFor(holder)),
		];
	},
});

const remedyFor = ({pid}: Extract<Holder, {visible: true}>) => ({
	advice: 'stop that process, or give the server another address',
	command: `ps -fp ${pid}`,
});

const renderAddress = (wanted: ListenAddress): string =>
	'path' in wanted ? wanted.path : `${wanted.host || '*'}:${wanted.port}`;

const privileged = ofServer({
	group: 'ports',
	name: 'privileged',
	about: 'the user of the program may listen at ports as low as those of the conf',
	run({server, settings, user}) {
		const ports = [
			...(server.zeo.address.family === 'unix' ? [] : [server.zeo.address.port]),
			settings.monitor?.port ?? null,
		].filter(port => port !== null);
		if (ports.length === 0) return [idle('no port is named')];
		return judgePrivileged(ports, user.account?.uid, firstFreePort());
	},
});

/** Whether a user may listen at all of some ports; `first` is the lowest one that everybody may have. */
export const judgePrivileged = (
	ports: readonly number[],
	uid: number | undefined,
	first: number,
): readonly Finding[] => {
	const low = ports.filter(port => port !== 0 && port < first);
	if (low.length === 0 || uid === 0)
		return [fine(`${ports.join(' and ')}, from ${first} on all may`)];
	return [
		error(`only root may listen at port ${low.join(' and ')}`, {
			advice: `take one from ${first} on; clients have to be told`,
		}),
	];
};

const firstFreePort = (): number => {
	try {
		return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
	} catch {
		return 1024;
	}
};

const exposure = ofServer({
	group: 'ports',
	name: 'exposure',
	about: 'other machines reach the server over TLS only',
	run: ({server}) => judgeExposure(server.zeo),
});

/** A server without `<ssl>` asks nobody who they are: whoever reaches it reads and writes everything. */
export const judgeExposure = ({
	address: wanted,
	tls,
}: Pick<ServerSettings['zeo'], 'address' | 'tls'>): readonly Finding[] => {
	if (wanted.family === 'unix') return [fine('a Unix socket')];
	if (tls !== undefined) return [fine('TLS, for clients with a certificate')];
	if (/^(?:localhost|127\..*|::1)$/.test(wanted.host)) return [fine('this machine alone')];
	return [
		warning(
			`whoever reaches ${wanted.host || 'any address of this machine'} may read and write the database: the server asks nobody who they are`,
			{
				advice:
					'listen at 127.0.0.1, let a firewall decide who reaches it, or have zeoctl certificates make an <ssl> section',
			},
		),
	];
};

const monitor = ofConf({
	group: 'ports',
	name: 'monitor',
	about: 'the monitor port is free, or the supervisor has it',
	async run({settings, contact, now}) {
		if (settings.monitor === undefined) return [idle('no <monitor> section')];
		const name = `${settings.monitor.host || '*'}:${settings.monitor.port}`;
		const holder = await whoListens(settings.monitor);
		const seen = await contact();
		const manager = seen.contact === 'session' ? seen.status.manager : undefined;
		if (holder === undefined)
			return manager === undefined
				? [fine(`${name} is free`)]
				: [
						warning(`nobody listens at ${name}: it was taken when the supervisor started`, {
							advice: 'its event log tells why; a reload tries again',
						}),
					];
		if (holder.pid === manager && manager !== undefined)
			return [fine(`the supervisor listens at ${name}`)];
		if (!holder.visible) return [unknown(`${name} is in use: ${renderHolder(holder, now)}`)];
		return [error(`${name} is in use: ${renderHolder(holder, now)}`, remedyFor(holder))];
	},
});

/** Milliseconds for one `ruok`; a server that packs needs 30. */
const answerMs = 5000;

const answers = ofServer({
	group: 'ports',
	name: 'answers',
	about: 'a server that runs answers, with all its storages',
	async run({server, contact, zeoctl}) {
		const pid = ownPid(await contact());
		if (pid === undefined) return [idle('the server does not run')];
		const found = await probeServer(server, {timeoutMs: answerMs});
		return found.probe === 'ready'
			? [fine(`process ${pid} answers for ${server.storages.map(({name}) => name).join(', ')}`)]
			: [error(`process ${pid} does not answer: ${found.reason}`, {command: zeoctl('status')})];
	},
});

/** Where the instance is to be reached. */
export const portChecks: readonly Check[] = [address, answers, privileged, exposure, monitor];
