import {existsSync} from 'node:fs';
import path from 'node:path';
import {checkDatabases, type DatabaseFinding} from '../guard/check-databases.js';
import {currentUser} from '../guard/place-facts.js';
import {describeFile, rescueFirst} from '../health/lost-files.js';
import {findAccount} from '../platform/accounts.js';
import type {CheckReport, Finding} from '../settings/check.js';
import {serverPlace} from '../settings/server-place.js';
import type {ServerSettings, Settings} from '../settings/settings.js';
import type {ServedFile} from '../storage/served-file.js';
import {fileStorage} from '../storage/zeo.js';
import type {Context} from './command.js';
import {findServed} from './find-served-files.js';
import {openInstance} from './instance.js';
import {instanceCommand} from './instance-command.js';
import {presumeUser} from './presumed-user.js';

/**
 * What a start would find wrong with the databases of a configuration, as warnings; of those that have been deleted and
 * live only as long as a server, that and nothing else.
 */
export const findDatabaseWarnings = async (
	{system, commandLine}: Pick<Context, 'system' | 'commandLine'>,
	{settings, server}: Pick<CheckReport, 'settings' | 'server'>,
): Promise<readonly Finding[]> => {
	if (settings === undefined || server === undefined) return [];
	const command = instanceCommand({system, commandLine});
	const found = await findTroubles(settings, server, {cwd: system.cwd, command});
	const {directory} = serverPlace(settings, system.cwd);
	const isComplete = server.storages.every(
		({path: file}) => file === undefined || existsSync(path.resolve(directory, file)),
	);
	if (found.length === 0 && isComplete) return [];
	const lost = await findLost({system, settings, server});
	return [
		...lost.map(file => describeLoss(file, command)),
		...found.filter(({storage}) => !lost.some(each => each.storage === storage)).map(toFinding),
	];
};

const findTroubles = async (
	settings: Settings,
	server: ServerSettings,
	{cwd, command}: {readonly cwd: string; readonly command: readonly string[]},
): Promise<readonly DatabaseFinding[]> => {
	const self = await currentUser();
	const named = settings.runner.user;
	const user =
		named === undefined
			? await presumeUser(settings, server, cwd)
			: ((await findAccount(named)) ?? self);
	const {refusals, warnings} = await checkDatabases(server, {
		...serverPlace(settings, cwd),
		kind: fileStorage,
		command,
		user,
		isNamed: named !== undefined,
		isRoot: self.uid === 0,
	});
	const sees = self.uid === 0 || self.uid === user.uid;
	return [...refusals, ...warnings].filter(
		({code}) => !isSaidBetter(code) && (sees || code !== 'unreadable'),
	);
};

/** The databases that a server still has, be it another one, and that nobody finds by their names any more. */
const findLost = async ({
	system,
	settings,
	server,
}: {
	readonly system: Context['system'];
	readonly settings: Settings;
	readonly server: ServerSettings;
}): Promise<readonly ServedFile[]> => {
	const {environment, cwd} = system;
	const instance = openInstance({system, settings, environment, warn: () => undefined});
	try {
		const {directory} = serverPlace(settings, cwd);
		const {files} = await findServed({instance, settings, system}, server.storages, directory);
		return files.filter(({state}) => state === 'lost');
	} finally {
		instance.close();
	}
};

/** The configuration's own warning names the line. */
const isSaidBetter = (code: DatabaseFinding['code']): boolean => code === 'create';

const describeLoss = (file: ServedFile, command: readonly string[]): Finding => ({
	severity: 'warning',
	message: describeFile(file),
	file: file.path,
	line: undefined,
	hint: rescueFirst(file, command),
	text: undefined,
});

const toFinding = ({path: file, reason, hint}: DatabaseFinding): Finding => ({
	severity: 'warning',
	message: reason,
	file,
	line: undefined,
	hint,
	text: undefined,
});
