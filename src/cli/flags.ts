/** One option of the command line that stands before the action. `value` names its argument, if it takes one. */
export type Flag = {
	readonly short?: string;
	readonly long?: string;
	readonly value?: string;
	/** Not zdaemon's: must be spelled out, so that no abbreviation of an older one changes its meaning. */
	readonly isNew?: true;
	readonly text: string;
};

/**
 * All options, in the order of the usage text. Those of zdaemon keep their letters, names and meaning, so that
 * existing wrapper scripts work; completion is made from this table too.
 */
export const flags = [
	{short: 'C', long: 'configure', value: 'URL', text: 'configuration file or URL'},
	{short: 'p', long: 'program', value: 'PROGRAM', text: 'the program to run'},
	{
		short: 's',
		long: 'socket-name',
		value: 'SOCKET',
		text: 'Unix socket of the supervisor (default "zdsock")',
	},
	{
		short: 'b',
		long: 'backoff-limit',
		value: 'SECONDS',
		text: 'give up after this many quick ends (default 10)',
	},
	{short: 'd', long: 'daemon', text: 'run the supervisor in the background (the default)'},
	{short: 'f', long: 'forever', text: 'never give up restarting'},
	{short: 't', long: 'transcript', value: 'FILE', text: 'append stdout and stderr of the program'},
	{short: 'l', long: 'logfile', value: 'FILE', text: 'log file to be read by logtail'},
	{
		short: 'T',
		long: 'start-timeout',
		value: 'SECONDS',
		text: 'how long start and restart wait (default 300)',
	},
	{
		long: 'stop-timeout',
		value: 'SECONDS',
		isNew: true,
		text: 'from SIGTERM to SIGKILL, 0 for never (default 300)',
	},
	{
		long: 'start-test-program',
		value: 'PROGRAM',
		isNew: true,
		text: 'the program has started when this one exits with 0',
	},
	{short: 'u', long: 'user', value: 'USER', text: 'run as this user (name or uid; root only)'},
	{short: 'm', long: 'umask', value: 'UMASK', text: 'umask of the program, octal (default 022)'},
	{
		short: 'x',
		long: 'exit-codes',
		value: 'LIST',
		text: 'exit statuses after which the supervisor ends too (default "0,2")',
	},
	{short: 'z', long: 'directory', value: 'DIRECTORY', text: 'folder the program runs in'},
	{
		short: 'X',
		value: 'PATH=VALUE',
		text: 'override or add a key of the file, as in -X runner/forever=on',
	},
	{short: 'S', long: 'schema', value: 'FILE', text: 'accepted for old wrappers, not used'},
	{long: 'json', isNew: true, text: 'answer in JSON (may also follow the action)'},
	{short: 'h', long: 'help', text: 'print this text and exit'},
	{long: 'version', text: 'print the version and exit'},
] as const satisfies readonly Flag[];
