import {createCertificateLoader} from '../health/client-certificate.js';
import {planTargets} from '../health/connect-targets.js';
import type {ServerAnswer} from '../pack/job-ports.js';
import type {NetworkAddress, ZeoSettings} from '../settings/settings.js';
import {ZeoCallError} from '../zeo/call-error.js';
import {openClient, type ZeoClient} from '../zeo/client.js';
import type {Credentials} from '../zeo/digest.js';
import {type OpenSocket, openPlainSocket} from '../zeo/open-socket.js';
import {openTlsSocket} from '../zeo/open-tls-socket.js';
import {askRuok} from '../zeo/ruok.js';

/** How the server of some storages is reached. */
export type ServerAccess = {
	readonly address: NetworkAddress;
	readonly tls: Pick<NonNullable<ZeoSettings['tls']>, 'certificate' | 'key'> | undefined;
	readonly credentials: Credentials | undefined;
	/** For the connect and for each answer, except that to a pack. */
	readonly timeoutMs: number;
};

/** A server that can be asked. Times limits are those of its access. */
export type ReachableServer = {
	ask(storage: string, signal: AbortSignal): Promise<ServerAnswer>;
	open(storage: string, options: {label: string; signal: AbortSignal}): Promise<ZeoClient>;
};

type Entrance = {
	readonly openSocket: OpenSocket;
	/** What the files tell about a refusal. */
	readonly trouble: string | undefined;
};

const loadCertificate = createCertificateLoader();

/** Where a server listens, as people write it. */
export const renderAddress = (address: NetworkAddress): string => {
	if (address.family === 'unix') return address.path;
	const host = address.host === '' ? '*' : address.host;
	const shown = host.includes(':') ? `[${host}]` : host;
	return address.port === null ? shown : `${shown}:${address.port}`;
};

/** The server at an address; of several that it may mean, the first where somebody listens. */
export const reachServer = ({
	address,
	tls,
	credentials,
	timeoutMs,
}: ServerAccess): ReachableServer => {
	const targets = planTargets(address);
	const entrance = (): Entrance => {
		if (tls === undefined) return {openSocket: openPlainSocket, trouble: undefined};
		const {context, trouble} = loadCertificate({...tls, authenticate: ''});
		return {openSocket: openTlsSocket(context), trouble};
	};
	const nobody = (): ZeoCallError => new ZeoCallError({result: 'refused'});
	return {
		async ask(storage, signal) {
			let reason = nobody().message;
			for (const target of targets) {
				const {openSocket, trouble} = entrance();
				const found = await askRuok(target, {timeoutMs, signal, openSocket});
				if (found.result === 'healthy')
					return {answers: true, start: found.storages.get(storage)?.start ?? null};
				reason = new ZeoCallError(found).message;
				if (found.result === 'tls-refused' && trouble !== undefined) reason += `; ${trouble}`;
				if (found.result !== 'refused') break;
			}
			return {answers: false, reason};
		},
		async open(storage, {label, signal}) {
			let refusal: unknown = nobody();
			for (const target of targets) {
				try {
					const {openSocket} = entrance();
					return await openClient({
						address: target,
						openSocket,
						storage,
						timeoutMs,
						signal,
						label,
						credentials,
					});
				} catch (error) {
					refusal = error;
					if (!(error instanceof ZeoCallError && error.trouble.result === 'refused')) break;
				}
			}
			throw refusal;
		},
	};
};
