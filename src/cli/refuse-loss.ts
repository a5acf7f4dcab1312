import {listGroup} from '../guard/program-group.js';
import {ZeoctlError} from '../platform/errors.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {hasDeletedFiles} from '../storage/deleted-files.js';
import type {InstanceContext} from './command.js';
import type {Seen} from './instance.js';
import {instanceCommand} from './instance-command.js';

/** The word after `stop` by which a deleted database is given up. */
export const giveUpWord = '--give-up-deleted';

/**
 * Throws where a database has been deleted and lives only as long as the program that is about to be stopped. What a
 * healthy program has open tells in a moment that there is nothing to look at.
 */
export const refuseLoss = async (context: InstanceContext, reached: Seen): Promise<void> => {
	const pid = reached.contact === 'session' ? reached.status.pid : reached.program?.pid;
	if (pid === null || pid === undefined || !listGroup(pid).some(hasDeletedFiles)) return;
	const {findLostFiles} = await import('./status-findings.js');
	const alarms = await findLostFiles(context, reached);
	const lost = alarms.find(({alarm}) => alarm === 'deleted-file');
	if (lost === undefined) return;
	throw new ZeoctlError(
		'DATA_LOSS',
		`cannot ${context.action.name} the program: ${lost.text}; it would be lost for good`,
		{hint: saveOrGiveUp(instanceCommand(context), ['rescue'])},
	);
};

/** What to type before a deleted database is given up, and how it is; `command` is `zeoctl` for the instance. */
export const saveOrGiveUp = (command: readonly string[], rescue: readonly string[]): string =>
	`${renderShellCommand([...command, ...rescue])}; once the copy is there, or is not wanted: ${renderShellCommand([...command, 'stop', giveUpWord])}`;
