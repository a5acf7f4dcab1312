import {renderShellCommand} from '../platform/shell-word.js';
import type {Finding} from './alarms.js';

/**
 * What must be known of a server that does not answer, and could not be started again if it ended: `obstacle` says
 * why, undefined where nothing is in the way. `command` is `zeoctl` with its conf.
 */
export const findObstacleAlarms = (
	obstacle: string | undefined,
	command: readonly string[],
): readonly Finding[] =>
	obstacle === undefined
		? []
		: [
				{
					alarm: 'no-restart',
					subject: '',
					level: 'alarm',
					text: `the server does not answer, and could not be started again: ${obstacle}`,
					advice: `correct that, until ${renderShellCommand([...command, 'check'])} finds nothing: it is not restarted before`,
				},
			];
