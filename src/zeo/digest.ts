import {createHash} from 'node:crypto';

/** Who we are to a ZEO 4 that has an authentication database. */
export type Credentials = {readonly user: string} & (
	| {readonly password: string}
	| {readonly hash: string}
);

const sha1 = (text: string) => createHash('sha1').update(text, 'utf8');

/** What the database of the server holds of a user; as good as the password (ZEO 4, `ZEO/auth/auth_digest.py`). */
export const passwordHash = (credentials: Credentials, realm: string): string =>
	'hash' in credentials
		? credentials.hash
		: sha1(`${credentials.user}:${realm}:${credentials.password}`).digest('hex');

/** The answer to a challenge. */
export const answerChallenge = (hash: string, challenge: string): string =>
	sha1(`${hash}:${challenge}`).digest('hex');

/** The key by which both sides sign their frames after the answer. */
export const sessionKey = (hash: string, nonce: string): Buffer =>
	Buffer.concat([sha1(`${hash}:${nonce}`).digest(), Buffer.from(hash.slice(0, 44), 'latin1')]);

/**
 * Signs what goes in one direction: HMAC-SHA1 over all bodies since the beginning. Made of two hashes (RFC 2104),
 * because an HMAC of Node is over with its first digest.
 */
export const createSigner = (key: Uint8Array): ((body: Uint8Array) => Buffer) => {
	const padded = Buffer.concat([key], blockBytes);
	const inner = createHash('sha1').update(padded.map(byte => byte ^ 0x36));
	const outer = createHash('sha1').update(padded.map(byte => byte ^ 0x5c));
	return body => outer.copy().update(inner.update(body).copy().digest()).digest();
};

/** Of SHA-1; a session key is shorter. */
const blockBytes = 64;
