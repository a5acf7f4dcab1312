import {execFileSync} from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {
	checkDatabases,
	type DatabaseFinding,
	type DatabaseOptions,
	recordDatabases,
} from '../../src/guard/check-databases.js';
import type {LedgerReason} from '../../src/guard/ledger.js';
import type {ServerSettings, StorageSettings} from '../../src/settings/settings.js';
import {fileStorage} from '../../src/storage/zeo.js';
import {type StorageStep, withZodb} from './file-storage.js';
import {temporaryFolder} from './temporary-folder.js';

/** A step without its path: the database of the scene. */
export type SceneStep = Omit<StorageStep, 'path'> & {readonly do: string};

/** A database in a folder of its own (with a blank in its name), as a start would find it. */
export type DatabaseScene = {
	readonly options: DatabaseOptions;
	readonly folder: string;
	readonly file: string;
	readonly server: ServerSettings;
	/** Lets ZODB work on it; false where there is no ZODB. */
	zodb(...steps: readonly SceneStep[]): Promise<boolean>;
	/** What ZODB answers to one step. */
	ask(step: SceneStep): Promise<unknown>;
	record(why: Exclude<LedgerReason, 'accepted'>): Promise<void>;
	check(options?: Partial<DatabaseOptions>): Promise<{
		readonly refusals: readonly DatabaseFinding[];
		readonly warnings: readonly DatabaseFinding[];
	}>;
	/** The codes of refusals and warnings, such as `refuse older`. */
	codes(options?: Partial<DatabaseOptions>): Promise<readonly string[]>;
	/** Runs a repair as a person would: pasted into a shell. */
	shell(command: string | undefined): void;
};

export const databaseScene = (
	t: ExecutionContext<unknown>,
	storage: Partial<StorageSettings> = {},
): DatabaseScene => {
	const folder = temporaryFolder(t);
	const own = path.join(folder, "it's here");
	execFileSync('mkdir', [own]);
	const file = path.join(own, 'Data.fs');
	const server = serverOf({path: file, ...storage});
	const stateDirectory = temporaryFolder(t);
	const options: DatabaseOptions = {
		...{kind: fileStorage, directory: folder, command: ['zeoctl'], logs: []},
		stateDirectory,
	};
	const answersTo = (steps: readonly SceneStep[]) =>
		withZodb(
			t,
			steps.map(step => ({path: file, ...step})),
		);
	const check = (more: Partial<DatabaseOptions> = {}) =>
		checkDatabases(server, {...options, ...more, user: currentUser(), isNamed: true, isRoot: true});
	return {
		options,
		folder: own,
		file,
		server,
		zodb: async (...steps) => (await answersTo(steps)) !== undefined,
		ask: async step => (await answersTo([step]))?.[0],
		async record(why) {
			t.deepEqual(await recordDatabases(server, {...options, why}), []);
		},
		check,
		async codes(more) {
			const {refusals, warnings} = await check(more);
			return [
				...refusals.map(({code}) => `refuse ${code}`),
				...warnings.map(({code}) => `warn ${code}`),
			].filter(code => !/network-file-system|disk-full|no-inodes/.test(code));
		},
		shell(command) {
			if (command === undefined) throw new Error('there is no command');
			execFileSync('sh', ['-c', command], {cwd: '/'});
		},
	};
};

export const serverOf = (storage: Partial<StorageSettings>): ServerSettings => ({
	confPath: undefined,
	zeo: {
		address: {family: 'inet', host: '127.0.0.1', port: 1},
		readOnly: false,
		transactionTimeout: undefined,
		pidFilename: undefined,
		tls: undefined,
	},
	storages: [
		{
			name: 'main',
			type: 'filestorage',
			path: undefined,
			blobDirectory: undefined,
			readOnly: false,
			create: false,
			...storage,
		},
	],
	hasEventLog: false,
});

export const currentUser = () => {
	const {uid, gid, username} = os.userInfo();
	return {uid, gid, name: username};
};
