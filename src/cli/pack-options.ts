import {parseArgs} from 'node:util';
import {errorMessage, ZeoctlError} from '../platform/errors.js';
import {socketConnectionAddress} from '../schema/addresses.js';
import {isConversionError} from '../schema/conversion-error.js';
import type {Surroundings} from '../schema/datatypes.js';
import type {NetworkAddress} from '../settings/settings.js';

/** A server that no conf of this machine is about, and one of its storages. */
type RemoteStorage = {readonly address: NetworkAddress; readonly storage: string};

/** What follows `pack`, understood. */
export type PackOptions = {
	readonly storages: readonly string[];
	readonly servers: readonly RemoteStorage[];
	/** Undefined: as configured. */
	readonly days: number | undefined;
	/** Seconds since local midnight. */
	readonly timeOfDay: number | undefined;
	readonly dryRun: boolean;
	readonly certificate: string | undefined;
	readonly key: string | undefined;
	readonly user: string | undefined;
	readonly passwordFile: string | undefined;
};

const text = {type: 'string'} as const;
const texts = {type: 'string', multiple: true} as const;

const options = {
	days: {...text, short: 'd'},
	time: {...text, short: 't'},
	'dry-run': {type: 'boolean', short: 'n'},
	server: texts,
	certificate: text,
	key: text,
	user: text,
	'password-file': text,
	// Those of zeopack.
	host: {...text, short: 'h'},
	port: {...text, short: 'p'},
	unix: {...texts, short: 'u'},
	socket: {...text, short: 'U'},
	storage: {...texts, short: 'S'},
	wait: {type: 'boolean', short: 'w'},
} as const;

/** Understands the words after `pack`. `hasConf`: words are names of storages, unless they have a port; else servers. Throws usage errors. */
export const parsePackOptions = (
	words: readonly string[],
	{hasConf, surroundings}: {readonly hasConf: boolean; readonly surroundings: Surroundings},
): PackOptions => {
	const {values, positionals} = splitWords(words);
	const names = values.storage ?? [];
	const isServer = (word: string): boolean => !hasConf || hasPort.test(word);
	const places = [
		...(values.server ?? []),
		...positionals.filter(isServer),
		...classicPlaces(values),
	].map(place => parsePlace(place, surroundings));
	const servers = places.flatMap(({address, storage}) => {
		const wanted = storage === undefined ? names : [storage];
		return (wanted.length > 0 ? wanted : ['1']).map(each => ({address, storage: each}));
	});
	const days = values.days === undefined ? undefined : parseDays(values.days);
	return {
		storages: places.length > 0 ? [] : [...positionals, ...names],
		servers,
		days: days ?? (values.time === undefined ? undefined : 0),
		timeOfDay: values.time === undefined ? undefined : parseTimeOfDay(values.time),
		dryRun: values['dry-run'] ?? false,
		certificate: values.certificate,
		key: values.key,
		user: values.user,
		passwordFile: values['password-file'],
	};
};

const hasPort = /^(?:\[[^\]]*\]|[^:[\]/]*):\d+(?::.+)?$/;

const splitWords = (words: readonly string[]) => {
	try {
		return parseArgs({args: [...words], options, allowPositionals: true});
	} catch (error) {
		const [line = ''] = errorMessage(error).split(/\.?(?:\n| To specify)/);
		throw usage(line.replace(/^[A-Z]/, letter => letter.toLowerCase()));
	}
};

const usage = (reason: string): ZeoctlError =>
	new ZeoctlError('USAGE', `cannot pack: ${reason}`, {hint: 'zeoctl help pack'});

const classicPlaces = ({
	host,
	port,
	unix = [],
	socket,
}: {
	readonly host?: string | undefined;
	readonly port?: string | undefined;
	readonly unix?: readonly string[] | undefined;
	readonly socket?: string | undefined;
}): readonly string[] => {
	if (host !== undefined && port === undefined) throw usage('-h HOST needs -p PORT');
	const bare = host?.replace(/^\[(.*)\]$/, '$1') ?? 'localhost';
	return [
		...(port === undefined ? [] : [`${bare.includes(':') ? `[${bare}]` : bare}:${port}`]),
		...unix,
		...(socket === undefined ? [] : [socket]),
	];
};

/** `HOST:PORT`, `[V6]:PORT` or a path with a slash, each with `:STORAGE` behind it or without. */
const parsePlace = (
	place: string,
	surroundings: Surroundings,
): {readonly address: NetworkAddress; readonly storage: string | undefined} => {
	const [, where = '', storage] = place.includes('/')
		? (/^([^:]+)(?::(.+))?$/.exec(place) ?? [])
		: (/^((?:\[[^\]]*\]|[^:[\]]*):\d+)(?::(.+))?$/.exec(place) ?? []);
	try {
		const address = where === '' ? undefined : socketConnectionAddress(where, surroundings);
		if (address !== undefined && (address.family === 'unix' || address.port !== null))
			return {address, storage};
	} catch (error) {
		if (!isConversionError(error)) throw error;
	}
	throw usage(`'${place}' is not a server: HOST:PORT or /PATH, and perhaps :STORAGE behind it`);
};

const parseDays = (value: string): number => {
	if (!/^\d{1,5}$/.test(value)) throw usage(`'${value}' is not a number of days`);
	return Number(value);
};

const parseTimeOfDay = (value: string): number => {
	const [, hours, minutes = 0, seconds = 0] =
		/^(\d{1,2})(?::(\d{1,2}))?(?::(\d{1,2}))?$/
			.exec(value)
			?.map(part => part ?? 0)
			.map(Number) ?? [];
	if (hours === undefined || hours > 23 || minutes > 59 || seconds > 59)
		throw usage(`'${value}' is not a time of day, HH[:MM[:SS]]`);
	return hours * 3600 + minutes * 60 + seconds;
};
