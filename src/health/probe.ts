import type {Socket} from 'node:net';
import {monotonicMs} from '../platform/clock.js';
import type {ServerSettings, ZeoSettings} from '../settings/settings.js';
import type {StorageHealth} from '../zeo/health-document.js';
import {type OpenSocket, openPlainSocket, type ZeoAddress} from '../zeo/open-socket.js';
import {openTlsSocket} from '../zeo/open-tls-socket.js';
import {askRuok, type RuokResult} from '../zeo/ruok.js';
import {type ClientCertificate, createCertificateLoader} from './client-certificate.js';
import {planTargets} from './connect-targets.js';

/** What is wrong with a server that was reached, or that was not. */
type ProbeProblem = 'down' | 'mute' | 'closed' | 'garbage' | 'foreign' | 'missing-storage';

/** What one attempt found. `reason` is one line for a person. */
export type ProbeResult =
	| {
			readonly probe: 'ready';
			/** By name; undefined when the server lives but tells us nothing (`refusal`). */
			readonly storages: ReadonlyMap<string, StorageHealth> | undefined;
			/** The server takes part in TLS but does not accept our certificate. */
			readonly refusal?: string;
			/** What the server showed over TLS. */
			readonly certificate?: ServerCertificate;
	  }
	/** Nobody listens yet; asking cost nothing. */
	| {readonly probe: 'absent'; readonly problem: 'down'; readonly reason: string}
	/** Somebody listens, but it is not the whole server that was asked for. */
	| {readonly probe: 'unready'; readonly problem: ProbeProblem; readonly reason: string};

/** The certificate of a server that was reached over TLS. */
type ServerCertificate = {
	/** False when the configured file holds another one by now. */
	readonly isConfigured: boolean;
	/** Unix seconds. */
	readonly expiresAt: number;
};

export type ProbeOptions = {
	readonly timeoutMs: number;
	readonly signal?: AbortSignal | undefined;
};

/**
 * One attempt to reach a server at its configured address: ready when it answers `ruok` with every configured
 * storage, or, where its TLS does not accept the only certificate that we have, when it says so. Rejects only with
 * the reason of `signal`.
 */
export const probeServer = async (
	{zeo, storages}: Pick<ServerSettings, 'zeo' | 'storages'>,
	{timeoutMs, signal}: ProbeOptions,
): Promise<ProbeResult> => {
	const deadline = monotonicMs() + timeoutMs;
	const names = storages.map(({name}) => name);
	const entrance = chooseEntrance(zeo.tls);
	let last: ProbeResult = {
		probe: 'unready',
		problem: 'down',
		reason: 'the configured address has no port',
	};
	for (const target of planTargets(zeo.address)) {
		const timeLeftMs = Math.max(1, deadline - monotonicMs());
		const {openSocket} = entrance;
		const ruok = await askRuok(target, {timeoutMs: timeLeftMs, signal, openSocket});
		last = judge({ruok, names, target, entrance});
		if (last.probe !== 'absent') return last;
	}

	return last;
};

type Entrance = {
	readonly openSocket: OpenSocket;
	/** What the server showed, once it has. */
	certificate(): ServerCertificate | undefined;
	/** What the files tell about a refusal. */
	readonly trouble: string | undefined;
	readonly tls: ZeoSettings['tls'];
};

const loadCertificate = createCertificateLoader();

const chooseEntrance = (tls: ZeoSettings['tls']): Entrance => {
	if (tls === undefined) {
		const openSocket = openPlainSocket;
		return {openSocket, certificate: () => undefined, trouble: undefined, tls};
	}
	const own = loadCertificate(tls);
	const open = openTlsSocket(own.context);
	let certificate: ServerCertificate | undefined;
	return {
		openSocket(address) {
			const socket = open(address);
			socket.once('secureConnect', () => {
				certificate = look(socket, own);
			});
			return socket;
		},
		certificate: () => certificate,
		trouble: own.trouble,
		tls,
	};
};

const look = (socket: Socket, {fingerprint}: ClientCertificate): ServerCertificate | undefined => {
	const shown =
		'getPeerX509Certificate' in socket && typeof socket.getPeerX509Certificate === 'function'
			? socket.getPeerX509Certificate()
			: undefined;
	return (
		shown && {
			isConfigured: fingerprint === undefined || shown.fingerprint256 === fingerprint,
			expiresAt: Date.parse(shown.validTo) / 1000,
		}
	);
};

type Judged = {
	readonly ruok: RuokResult;
	readonly names: readonly string[];
	readonly target: ZeoAddress;
	readonly entrance: Entrance;
};

const judge = ({ruok, names, target, entrance}: Judged): ProbeResult => {
	const at = renderTarget(target);
	const unready = (problem: ProbeProblem, reason: string): ProbeResult => ({
		probe: 'unready',
		problem,
		reason,
	});
	const certificate = entrance.certificate();
	const seen = certificate && {certificate};
	switch (ruok.result) {
		case 'healthy': {
			const missing = names.filter(name => !ruok.storages.has(name));
			return missing.length === 0
				? {probe: 'ready', storages: ruok.storages, ...seen}
				: unready(
						'missing-storage',
						`the server at ${at} has no storage '${missing.join("', '")}'`,
					);
		}

		case 'refused':
			return {probe: 'absent', problem: 'down', reason: `nobody listens at ${at}`};
		case 'mute':
			return unready('mute', `${at} accepts connections but does not answer`);
		case 'closed':
			return unready('closed', `${at} closed the connection: not a ZEO server without TLS`);
		case 'not-tls':
			return unready('garbage', `${at} does not speak TLS, as the conf says it does`);
		case 'tls-refused':
			return {
				probe: 'ready',
				storages: undefined,
				refusal: explainRefusal(at, ruok.reason, entrance),
				...seen,
			};
		case 'garbage':
			return unready('garbage', `${at} is not a ZEO server: ${ruok.reason}`);
		case 'unreachable':
			return {
				probe: 'absent',
				problem: 'down',
				reason: `cannot connect to ${at}: ${ruok.reason}`,
			};
	}
};

const explainRefusal = (at: string, reason: string, {trouble, tls}: Entrance): string => {
	const why =
		trouble ?? `'authenticate ${tls?.authenticate}' does not trust the server's own certificate`;
	return `${at} refuses the certificate of the probe (${reason}): ${why}`;
};

const renderTarget = (target: ZeoAddress): string => {
	if ('path' in target) return target.path;
	return target.host.includes(':')
		? `[${target.host}]:${target.port}`
		: `${target.host}:${target.port}`;
};
