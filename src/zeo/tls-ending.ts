import type {Socket} from 'node:net';

/** How a connection ended that did not get as far as an answer. */
export type TlsEnding =
	/** The server took part in the handshake and then closed: it does not accept our certificate. */
	| {readonly result: 'tls-refused'; readonly reason: string}
	/** What came back is not TLS. */
	| {readonly result: 'not-tls'};

/**
 * What the end of a TLS connection without an answer means; undefined for a plain connection and for an ending that
 * has nothing to do with TLS. ZEO closes without an alert: over TLS 1.3 after the handshake is complete for the
 * client, over 1.2 within it.
 */
export const explainTlsEnding = (
	socket: Socket,
	{isSecure, error}: {readonly isSecure: boolean; readonly error: Error | undefined},
): TlsEnding | undefined => {
	if (!('encrypted' in socket)) return undefined;
	// With a write under way the code is EPROTO alone; the text of OpenSSL is there in either case.
	const cause = /SSL routines:[^:]*:([^:]+)/.exec(error?.message ?? '')?.[1];
	if (cause !== undefined) {
		return /alert/.test(cause) ? {result: 'tls-refused', reason: cause} : {result: 'not-tls'};
	}
	const reason = isSecure
		? 'closed after the handshake, without a word'
		: 'closed during the handshake';
	return {result: 'tls-refused', reason};
};
