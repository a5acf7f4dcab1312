import type {Activity, Status} from '../control/messages.js';
import type {Notice} from './notify.js';

/** Microseconds that a start or a stop may take longer than its limit, from the moment of the message. */
export const extensionUsec = 60_000_000;

/** Whether the program has started, in the sense of `zeoctl start`. */
export const isReady = ({state, testing}: Status): boolean => state === 'running' && !testing;

/** Whether a stop is under way, which always ends: its limits are those of the conf. */
export const isEnding = ({state}: Status): boolean => state === 'stopping' || state === 'killing';

/**
 * What systemd is told about a status: one line for people, and that the service is up when the program answers for
 * the first time. A service stays up for systemd while its supervisor brings the program back.
 */
export const planNotice = (status: Status, wasReady: boolean): Notice => ({
	...(!wasReady && isReady(status) && {READY: 1}),
	STATUS: describeService(status),
	...(isEnding(status) && {EXTEND_TIMEOUT_USEC: extensionUsec}),
});

/** One line for `systemctl status`. */
const describeService = (status: Status): string => {
	const {state, pid, testing, health, reason, lastExit, backoff} = status;
	const end = lastExit === null ? '' : ` (${lastExit.description})`;
	switch (state) {
		case 'starting':
			return `starting${pid === null ? '' : `, pid ${pid}`}${testing ? ', does not answer yet' : ''}${describeWork(status)}`;
		case 'running':
			return health?.verdict === 'unready' || health?.verdict === 'failed'
				? `running, pid ${pid}, but does not answer: ${health.reason ?? 'unknown why'}`
				: `running, pid ${pid}${describeWork(status)}`;
		case 'stopping':
			return reason === null ? 'stopping' : `stopping, ${reason}`;
		case 'killing':
			return 'stopping, being killed';
		case 'backoff':
			return `down${end}, will be tried again after ${backoff} s`;
		case 'failed':
			return `failed: ${reason ?? 'unknown why'}${end}`;
		case 'stopped':
			return `stopped${end}`;
	}
};

const describeWork = ({health}: Status): string =>
	(health?.activities ?? []).map(each => `; ${describeActivity(each)}`).join('');

const describeActivity = ({activity, storage, step, percent}: Activity): string =>
	`${activity} of ${storage}: ${step}${percent === null ? '' : ` ${percent} %`}`;
