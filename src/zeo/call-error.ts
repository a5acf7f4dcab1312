import type {Unanswered} from './exchange.js';
import type {ServerException} from './message.js';
import {type ExplainedException, explainException} from './server-exception.js';

/** Why a call has no result. */
export type CallTrouble =
	| Unanswered
	/** What came is not ZEO's. */
	| {readonly result: 'garbage'; readonly reason: string}
	/** A protocol that we do not speak. */
	| {readonly result: 'unsupported'; readonly reason: string}
	/** The server wants a user and a password, or other ones. */
	| {readonly result: 'unauthenticated'; readonly reason: string}
	| ({readonly result: 'raised'} & ExplainedException);

/** A call to a ZEO server that failed; the message is one sentence about the server. */
export class ZeoCallError extends Error {
	readonly trouble: CallTrouble;

	constructor(trouble: CallTrouble) {
		super(describeTrouble(trouble));
		this.name = 'ZeoCallError';
		this.trouble = trouble;
	}
}

/** The error of a call that has raised an exception in the server. */
export const raised = (exception: ServerException): ZeoCallError =>
	new ZeoCallError({result: 'raised', ...explainException(exception)});

const describeTrouble = (trouble: CallTrouble): string => {
	switch (trouble.result) {
		case 'refused':
			return 'nobody listens at the address of the server';
		case 'mute':
			return 'the server accepts connections but does not answer';
		case 'closed':
			return 'the server closed the connection';
		case 'unreachable':
			return `the server cannot be reached: ${trouble.reason}`;
		case 'tls-refused':
			return `the server does not accept our certificate: ${trouble.reason}`;
		case 'not-tls':
			return 'the server does not speak TLS at this address';
		case 'garbage':
			return `what answers is not a ZEO server: ${trouble.reason}`;
		case 'unsupported':
		case 'unauthenticated':
			return trouble.reason;
		case 'raised':
			return trouble.text;
	}
};
