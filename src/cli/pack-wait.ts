import type {Status} from '../control/messages.js';
import {renderDuration} from '../platform/quantities.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {renderForTerminal} from '../platform/terminal-text.js';
import type {InstanceContext} from './command.js';
import {instanceCommand} from './instance-command.js';

/** Passes statuses on, and says on standard error, once, that a stop waits for a pack and how to end that. */
export async function* tellPackWait(
	context: InstanceContext,
	statuses: AsyncIterable<Status>,
): AsyncGenerator<Status> {
	const {system, json} = context;
	let isTold = json;
	for await (const status of statuses) {
		const {state, reason, delayUntil, now} = status;
		if (!isTold && state === 'stopping' && reason?.startsWith('waits for ') === true) {
			isTold = true;
			const limit = renderDuration(Math.max(0, delayUntil - now));
			const command = renderShellCommand([...instanceCommand(context), 'kill', 'TERM']);
			system.stderr.write(
				`${renderForTerminal(reason)}, up to ${limit}; to break it off: ${command}\n`,
			);
		}
		yield status;
	}
}
