import {checkDatabases, type DatabaseFinding} from '../guard/check-databases.js';
import {currentUser} from '../guard/place-facts.js';
import {findAccount} from '../platform/accounts.js';
import type {CheckReport, Finding} from '../settings/check.js';
import {serverPlace} from '../settings/server-place.js';
import {fileStorage} from '../storage/zeo.js';
import {presumeUser} from './presumed-user.js';

/** What a start would find wrong with the databases of a configuration, as warnings. */
export const findDatabaseWarnings = async (
	{settings, server}: Pick<CheckReport, 'settings' | 'server'>,
	cwd: string,
): Promise<readonly Finding[]> => {
	if (settings === undefined || server === undefined) return [];
	const self = await currentUser();
	const named = settings.runner.user;
	const user =
		named === undefined
			? await presumeUser(settings, server, cwd)
			: ((await findAccount(named)) ?? self);
	const {refusals, warnings} = await checkDatabases(server, {
		...serverPlace(settings, cwd),
		kind: fileStorage,
		user,
		isNamed: named !== undefined,
		isRoot: self.uid === 0,
	});
	const sees = self.uid === 0 || self.uid === user.uid;
	return [...refusals, ...warnings]
		.filter(({code}) => !isSaidBetter(code) && (sees || code !== 'unreadable'))
		.map(toFinding);
};

/** The configuration's own warning names the line. */
const isSaidBetter = (code: DatabaseFinding['code']): boolean => code === 'create';

const toFinding = ({path, reason, hint}: DatabaseFinding): Finding => ({
	severity: 'warning',
	message: reason,
	file: path,
	line: undefined,
	hint,
	text: undefined,
});
