/**
 * The environment of the program: the caller's and the conf's, without what is meant for the supervisor itself
 * (Node's and npm's variables, systemd's notify, listen and watchdog variables). What the conf sets stays.
 */
export const programEnvironment = (
	caller: Readonly<Record<string, string | undefined>>,
	configured: Readonly<Record<string, string>>,
): Record<string, string> => {
	const kept = Object.entries(caller).filter(
		(entry): entry is [string, string] => entry[1] !== undefined && !isOurs(entry[0]),
	);
	return {...Object.fromEntries(kept), ...configured};
};

/** The environment of another call of zeoctl: without what systemd and a launcher gave to the supervisor alone. */
export const callEnvironment = (
	environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> =>
	Object.fromEntries(Object.entries(environment).filter(([name]) => !isForSupervisor(name)));

const isOurs = (name: string): boolean =>
	/^(?:NODE_|npm_)/.test(name) || name === 'DAEMON_MANAGER_MODE' || isForSupervisor(name);

const isForSupervisor = (name: string): boolean =>
	/^(?:LISTEN_|WATCHDOG_)/.test(name) ||
	name === 'NOTIFY_SOCKET' ||
	name === notifyVariable ||
	name === reportVariable ||
	name === orderVariable;

/** How a supervisor tells systemd of its service: a descriptor, or the path of `systemd-notify`; `units/notify-launcher` sets it. */
export const notifyVariable = 'ZEOCTL_NOTIFY';

/** Names the descriptor on which a detached supervisor reports to its launcher. */
export const reportVariable = 'ZEOCTL_REPORT_FD';

/** Asks `zeoctl supervise` for the order that its supervisor would get, instead of a supervisor. */
export const orderVariable = 'ZEOCTL_ORDER';
