import {checkDatabases, type DatabaseFinding, type Reader} from '../../guard/check-databases.js';
import type {ServerPlace} from '../../settings/server-place.js';
import type {ServerSettings} from '../../settings/settings.js';
import {fileStorage} from '../../storage/zeo.js';
import {error, type Finding, warning} from './finding.js';

/** What a start would find wrong with a database. */
export type DatabaseLook = DatabaseFinding & {
	/** Whether it would forbid the start. */
	readonly refuses: boolean;
};

/** What a start would find wrong with the databases of a server. */
export const lookAtDatabases = async (
	server: ServerSettings,
	place: ServerPlace & Reader & {readonly command: readonly string[]},
): Promise<readonly DatabaseLook[]> => {
	const {refusals, warnings} = await checkDatabases(server, {...place, kind: fileStorage});
	return [
		...refusals.map(each => ({...each, refuses: true})),
		...warnings.map(each => ({...each, refuses: false})),
	];
};

/** Those with some codes, as findings. */
export const databaseFindings = (
	looks: readonly DatabaseLook[],
	codes: readonly DatabaseFinding['code'][],
): readonly Finding[] => looks.filter(({code}) => codes.includes(code)).map(toFinding);

/** A hint that is a command as a whole can be typed as it is. */
const toFinding = ({refuses, reason, hint, repair}: DatabaseLook): Finding => {
	const isCommand = hint === repair || /^(?:sudo )?(?:ls|df|chown|chmod|zeoctl) /.test(hint);
	const command = repair ?? (isCommand ? hint : undefined);
	const remedy = {
		...(!isCommand && {advice: hint}),
		...(command !== undefined && {command}),
	};
	return refuses ? error(reason, remedy) : warning(reason, remedy);
};
