import {statSync} from 'node:fs';
import type {NetworkAddress, ServerSettings, Settings} from '../settings/settings.js';
import {resolveRunning} from './running-server.js';
import type {System} from './system.js';

/** The server behind an instance, as far as its configuration and its files tell without asking it. */
export type ServerFacts = {
	/** As ZEO clients write it (`127.0.0.1:8100`, a path), null when unknown. */
	readonly address: string | null;
	readonly storages: readonly StorageFacts[];
};

export type StorageFacts = {
	readonly name: string;
	readonly type: string;
	readonly path: string | null;
	/** Bytes of the data file, null where there is none. */
	readonly size: number | null;
};

/** Reads the facts. Whatever cannot be known is null or left out: a status never fails because of them. */
export const readServerFacts = (system: System, settings: Settings): ServerFacts => {
	const server = resolveServerSafely(system, settings);
	return {
		address: server ? renderAddress(server.zeo.address) : null,
		storages: (server?.storages ?? settings.storages).map(({name, type, path}) => ({
			name,
			type,
			path: path ?? null,
			size: path === undefined ? null : sizeOf(path),
		})),
	};
};

/** An address as a person would type it. */
const renderAddress = (address: NetworkAddress): string => {
	if (address.family === 'unix') return address.path;
	const host = address.family === 'inet6' ? `[${address.host}]` : address.host;
	return address.port === null ? host : `${host}:${address.port}`;
};

const resolveServerSafely = (system: System, settings: Settings): ServerSettings | undefined => {
	try {
		return resolveRunning({system, settings});
	} catch {
		return undefined;
	}
};

const sizeOf = (path: string): number | null => {
	try {
		return statSync(path).size;
	} catch {
		return null;
	}
};
