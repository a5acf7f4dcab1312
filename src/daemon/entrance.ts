import type {Server} from 'node:net';
import type {Status} from '../control/messages.js';
import {ZeoctlError} from '../platform/errors.js';
import type {Predecessor} from '../supervisor/report.js';
import {claimSocket, type SocketClaim} from './instance-lock.js';
import type {Reporter} from './launch-report.js';
import {standIn} from './stand-in.js';

/** How far a successor has come. */
export type SuccessionStep = 'bound' | 'standing-by' | 'going' | 'renamed' | 'announced';

/** The way of a supervisor to its control socket. */
export type Entrance = {
	/**
	 * Has the socket when it returns. A successor waits in it for the word of its predecessor, and must act as the
	 * supervisor from then on, in the same turn; what it inherits is the last status. Throws when it must not.
	 */
	takePlace(): {readonly claim: SocketClaim; readonly inherited?: Status};
	release(): void;
};

type EntranceOptions = {
	/** Absolute. */
	readonly path: string;
	readonly mode: number;
	readonly gid?: number;
	readonly server: Server;
	readonly note: (text: string) => void;
	readonly predecessor: Predecessor | undefined;
	readonly reporter: Reporter;
	/** Called when the socket is ours, before a predecessor hears of it. */
	readonly taken: () => void;
	/** Waits for the predecessor's word; throws when it has gone without. */
	readonly awaitGo: (() => Status) | undefined;
	readonly trace: ((step: SuccessionStep) => void) | undefined;
};

/** Claims a socket that nobody has, or gets ready to take a predecessor's. */
export const enter = async (options: EntranceOptions): Promise<Entrance> => {
	const {predecessor, awaitGo, taken} = options;
	if (predecessor === undefined || awaitGo === undefined) {
		const claim = await claimSocket(options);
		return {
			takePlace() {
				taken();
				return {claim};
			},
			release: claim.release,
		};
	}
	return succeed({...options, predecessor, awaitGo});
};

const succeed = async (
	options: EntranceOptions & {
		readonly predecessor: Predecessor;
		readonly awaitGo: () => Status;
	},
): Promise<Entrance> => {
	const {path, predecessor, reporter, awaitGo, taken, trace} = options;
	if (path !== predecessor.socketPath) {
		throw new ZeoctlError(
			'RELOAD_FAILED',
			`socket-name has changed to '${path}': only a stop and a start can do that`,
		);
	}
	const place = await standIn({...options, predecessor: predecessor.socket});
	trace?.('bound');
	return {
		takePlace() {
			try {
				reporter.succession('standing-by');
				trace?.('standing-by');
				const inherited = awaitGo();
				trace?.('going');
				const claim = place.takeOver();
				taken();
				trace?.('renamed');
				reporter.succession('in-place');
				trace?.('announced');
				return {claim, inherited};
			} catch (error) {
				place.release();
				throw error;
			}
		},
		release: place.release,
	};
};
