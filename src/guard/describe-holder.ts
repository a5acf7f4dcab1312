import {renderShellCommand} from '../platform/shell-word.js';
import type {Holder} from './holders.js';
import type {ListenAddress} from './listeners.js';

/** Longer commands are cut: the pid is there for the rest. In characters. */
const longestCommand = 200;

/** Who has it, in one line: pid, user, age and command, or as much as can be seen. `now` in Unix seconds. */
export const renderHolder = (holder: Holder, now: number): string => {
	if (holder.visible) {
		const {pid, user, startedAt, argv} = holder;
		const command = renderShellCommand(argv);
		const shown =
			command.length > longestCommand ? `${command.slice(0, longestCommand)}...` : command;
		return `process ${pid} of user ${user}, running for ${renderDuration(now - startedAt)}: ${shown}`;
	}

	const pid = holder.pid === undefined ? '' : ` ${holder.pid}`;
	const user = holder.uid === undefined ? '' : ` of user id ${holder.uid}`;
	return `a process${pid}${user} that is not visible to this user`;
};

/** The command by which root finds who listens at an address. */
export const searchListener = (address: ListenAddress): string =>
	renderShellCommand(
		'path' in address
			? ['sudo', 'ss', '-lxp', 'src', address.path]
			: ['sudo', 'ss', '-ltnp', `sport = :${address.port}`],
	);

const units = [
	[86_400, 'day'],
	[3600, 'hour'],
	[60, 'minute'],
	[1, 'second'],
] as const;

/** A duration in its largest whole unit: `3 days`. */
export const renderDuration = (seconds: number): string => {
	const [size, name] = units.find(([size]) => seconds >= size) ?? [1, 'second'];
	const count = Math.max(0, Math.floor(seconds / size));
	return `${count} ${name}${count === 1 ? '' : 's'}`;
};
