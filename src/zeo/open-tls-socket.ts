import {connect, type SecureContext} from 'node:tls';
import type {OpenSocket} from './open-socket.js';

/**
 * TLS as ZEO speaks it: `context` holds the client certificate that ZEO always asks for. Names and issuers are not
 * checked here, as ZEO's own clients are free to do either; whoever wants to know the peer looks at its certificate.
 */
export const openTlsSocket =
	(context: SecureContext | undefined): OpenSocket =>
	address =>
		connect({
			...address,
			rejectUnauthorized: false,
			...(context !== undefined && {secureContext: context}),
		});
