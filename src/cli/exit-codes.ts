/** Every exit status of every command, by name: the one table that help, README and tests are made from. */
export const exitCodes = {
	ok: {code: 0, meaning: 'done, or nothing had to be done'},
	failed: {code: 1, meaning: 'what was asked could not be done'},
	usage: {code: 2, meaning: 'the command line or the configuration cannot be used'},
	notRunning: {code: 3, meaning: 'status: no supervisor is running'},
	unknown: {
		code: 4,
		meaning: 'the control socket cannot be used: no permission, missing folder, no answer',
	},
	refused: {
		code: 5,
		meaning: 'supervise: starting could do harm, such as a second server on one database',
	},
	packSkipped: {code: 6, meaning: 'pack: a storage was skipped, none failed'},
	packUnknown: {
		code: 7,
		meaning: 'pack: what became of a storage is not known, as after an interruption',
	},
	notExecutable: {code: 127, meaning: 'foreground: the program cannot be run'},
	interrupted: {
		code: 130,
		meaning: 'Ctrl-C on a terminal, or with --json, ended the wait: what was asked for goes on',
	},
} as const;

export type ExitCodeName = keyof typeof exitCodes;

/** The number that belongs to a name. */
export const exitCode = (name: ExitCodeName): number => exitCodes[name].code;
