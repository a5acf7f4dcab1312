import {socketAddress} from './addresses.js';
import {boolean, float, integer, string} from './datatypes.js';
import {
	asMatched,
	defaultKey,
	lazyType,
	optionalKey,
	optionalSection,
	requiredKey,
	type SectionMatch,
	type SectionType,
	sectionType,
	type ValuesOf,
} from './describe.js';
import {existingDirpath} from './paths.js';

const sslChildren = () => ({
	certificate: requiredKey(existingDirpath),
	key: optionalKey(existingDirpath),
	'password-function': optionalKey(string),
	authenticate: requiredKey(string),
});

type SslMatch = SectionMatch<ValuesOf<ReturnType<typeof sslChildren>>>;

/** The `<ssl>` of a server. */
export const serverSsl = (): SectionType<SslMatch> =>
	sectionType({name: 'ssl', children: sslChildren(), convert: asMatched});

const zeoChildren = () => ({
	ssl: optionalSection(lazyType('ssl', serverSsl)),
	address: requiredKey(socketAddress),
	'read-only': defaultKey(boolean, 'false'),
	'invalidation-queue-size': defaultKey(integer, '100'),
	'invalidation-age': optionalKey(float),
	'transaction-timeout': optionalKey(integer),
	'pid-filename': optionalKey(existingDirpath),
	'client-conflict-resolution': defaultKey(boolean, 'false'),
	msgpack: optionalKey(boolean),
});

export type ZeoMatch = SectionMatch<ValuesOf<ReturnType<typeof zeoChildren>>>;

/** ZEO's `<zeo>`. */
export const zeo = (): SectionType<ZeoMatch> =>
	sectionType({name: 'zeo', children: zeoChildren(), convert: asMatched});

/** What to do about a key of `<zeo>` that ZEO knew before version 5. */
export const removedKeyAdvice = (key: string): string | undefined => {
	switch (key.toLowerCase()) {
		case 'monitor-address':
			return 'ZEO 5 removed the monitor server: delete the line, a <monitor> section takes its place; `zeoctl migrate` does both';
		case 'authentication-protocol':
		case 'authentication-database':
		case 'authentication-realm':
			return 'ZEO 5 removed password authentication: delete the line, an <ssl> section takes its place; `zeoctl certificates` makes what it needs';
		case 'drop-cache-rather-verify':
			return 'ZEO 5 removed this key, which never had an effect: delete the line';
		default:
			return undefined;
	}
};
