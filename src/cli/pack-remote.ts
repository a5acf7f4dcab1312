import {readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import type {PackTarget} from '../pack/target.js';
import {errorMessage, isZeoctlError, ZeoctlError} from '../platform/errors.js';
import type {Credentials} from '../zeo/digest.js';
import type {PackWorld} from './pack-job-ports.js';
import type {PackOptions} from './pack-options.js';
import {type ReachableServer, reachServer, renderAddress} from './pack-server.js';
import type {System} from './system.js';

/** For the connect and each answer; the network between may be slow. */
const timeoutMs = 30_000;

/** Days of history that are kept unless others are asked for, as for an instance without a `<pack>` section. */
const usualDays = 7;

/** Storages of servers that are named by their address: nothing of them is on this machine. */
export const openRemotePacks = (
	system: System,
	options: PackOptions,
): {readonly world: PackWorld; readonly targets: readonly PackTarget[]} => {
	const credentials = readCredentials(system, options);
	const servers = new Map<PackTarget, ReachableServer>();
	const place = (file: string): string => path.resolve(system.cwd, file);
	const {certificate, key} = options;
	const tls =
		certificate === undefined
			? undefined
			: {certificate: place(certificate), key: key && place(key)};
	for (const {address, storage} of options.servers) {
		const target = {
			storage,
			address: renderAddress(address),
			limit: {days: options.days ?? usualDays, timeOfDay: options.timeOfDay},
			margin: 0,
			files: undefined,
			readOnly: false,
		};
		servers.set(target, reachServer({address, tls, credentials, timeoutMs}));
	}
	return {
		targets: [...servers.keys()],
		world: {
			system,
			local: undefined,
			serverOf(target) {
				const server = servers.get(target);
				if (server === undefined) throw new Error(`no server for ${target.storage}`);
				return server;
			},
			diskFloor: 0,
			history: () => [],
			append: () => true,
		},
	};
};

/** A user of a ZEO 4; the password comes from a file that is not for everybody. */
export const readCredentials = (
	{cwd}: System,
	{user, passwordFile}: Pick<PackOptions, 'user' | 'passwordFile'>,
): Credentials | undefined => {
	if (user === undefined && passwordFile === undefined) return undefined;
	if (user === undefined || passwordFile === undefined)
		throw new ZeoctlError('USAGE', 'cannot pack: --user and --password-file belong together');
	const file = path.resolve(cwd, passwordFile);
	try {
		if ((statSync(file).mode & 0o007) !== 0)
			throw new ZeoctlError('USAGE', `cannot use '${file}': everybody can read it`, {
				hint: `chmod o= ${file}`,
			});
		return {user, password: readFileSync(file, 'utf8').replace(/\r?\n$/, '')};
	} catch (error) {
		if (isZeoctlError(error)) throw error;
		throw new ZeoctlError('USAGE', `cannot read '${file}': ${errorMessage(error)}`, {cause: error});
	}
};
