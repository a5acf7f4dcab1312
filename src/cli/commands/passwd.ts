import {readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {errorMessage, systemErrorCode, ZeoctlError} from '../../platform/errors.js';
import {replaceDurably} from '../../platform/files.js';
import {realFile} from '../../platform/real-file.js';
import {renderForTerminal} from '../../platform/terminal-text.js';
import {
	type AuthenticationDatabase,
	AuthenticationRefusal,
	addUser,
	deleteUser,
	inRealm,
	parseAuthenticationDatabase,
	renderAuthenticationDatabase,
} from '../../zeo/authentication-database.js';
import {askPassword, firstLine} from '../ask-password.js';
import {readAuthenticationConf} from '../authentication-conf.js';
import type {Context, PlainCommand} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {findInstalledZeo} from '../installed-zeo.js';
import {answer, say} from '../output.js';
import {type PasswdOptions, parsePasswdOptions} from '../passwd-options.js';

export const passwd: PlainCommand = {
	name: 'passwd',
	summary: 'add or delete a user of a ZEO 4 with passwords',
	usage: '[-d] [-f FILE] [-r REALM] USER [PASSWORD] [--json]',
	options: [
		['-d', 'delete the user'],
		['-f FILE', 'the authentication database; without it, that of the conf'],
		['-r REALM', 'the realm of a new database'],
		['-p digest', 'the protocol; there is no other'],
		['--password-file FILE', 'its first line is the password'],
	],
	exitCodes: ['ok', 'failed', 'usage', 'unknown'],
	notes: [
		'Without a password it is asked for, without echo, or read from standard input where that is no terminal. As an argument everybody on this machine can see it.',
		'Only ZEO 4 has passwords; ZEO 5 and later have certificates instead.',
		'To change a password delete the user, then add it again. The server reads the file when it starts.',
	],
	scope: 'none',
	async run(context) {
		const options = parsePasswdOptions(context.action.argumentWords);
		const conf = readAuthenticationConf(context);
		const file = chooseFile(context, options.file ?? conf.file);
		const database = change(file, () => inRealm(load(file), options.realm ?? conf.realm));
		const changed = options.deletes
			? change(file, () => deleteUser(database, options.user))
			: await add(file, database, options);
		store(file, changed);
		const outcome = options.deletes ? 'deleted' : 'added';
		say(context, renderForTerminal(`user ${options.user} ${outcome} in ${file}`).concat('\n'));
		const {environment, cwd} = context.system;
		const zeo = (await findInstalledZeo([conf.program ?? 'runzeo'], environment, cwd)) ?? null;
		if (zeo !== null && Number.parseInt(zeo.version, 10) >= 5) warnOf(context, zeo.version);
		answer(context, {action: 'passwd', outcome, user: options.user, file, zeo});
		return exitCode('ok');
	},
};

const warnOf = ({system, json}: Context, version: string): void => {
	if (json) return;
	system.stderr.write(
		`zeoctl: ZEO ${renderForTerminal(version)} is installed, which has no passwords: see zeoctl help certificates\n`,
	);
};

const chooseFile = ({system}: Context, file: string | undefined): string => {
	if (file !== undefined) return path.resolve(system.cwd, file);
	throw new ZeoctlError(
		'USAGE',
		'cannot change a password: no file is named; use -f, or -C with a conf that has authentication-database',
	);
};

const load = (file: string): AuthenticationDatabase => {
	try {
		return parseAuthenticationDatabase(readFileSync(file, 'utf8'));
	} catch (error) {
		if (systemErrorCode(error) === 'ENOENT') return {realm: undefined, users: new Map()};
		throw error;
	}
};

const add = async (
	file: string,
	database: AuthenticationDatabase,
	{user, password, passwordFile}: PasswdOptions,
): Promise<AuthenticationDatabase> => {
	// Who is refused anyway is not asked first.
	change(file, () => addUser(database, user, ''));
	const secret =
		password ??
		(passwordFile === undefined ? await askPassword(user) : readSecret(passwordFile, file));
	if (secret === '') throw refusal(file, 'an empty password lets everybody in');
	return change(file, () => addUser(database, user, secret));
};

const readSecret = (passwordFile: string, file: string): string =>
	change(file, () => firstLine(readFileSync(passwordFile, 'utf8')));

/** Whoever owned the file goes on reading it; a new one is for the owner of its folder. */
const store = (file: string, database: AuthenticationDatabase): void =>
	change(file, () => {
		const target = realFile(file);
		const {uid, gid} = statSync(target, {throwIfNoEntry: false}) ?? statSync(path.dirname(target));
		replaceDurably(target, renderAuthenticationDatabase(database), {mode: 0o600, uid, gid});
	});

/** Whatever stands in the way of it becomes the reason of the refusal. */
const change = <Value>(file: string, work: () => Value): Value => {
	try {
		return work();
	} catch (error) {
		if (error instanceof AuthenticationRefusal) throw refusal(file, error.message);
		const code = systemErrorCode(error);
		if (code === undefined) throw error;
		const isDenied = code === 'EACCES' || code === 'EPERM';
		throw refusal(file, errorMessage(error), isDenied ? 'PERMISSION' : 'AUTHENTICATION');
	}
};

const refusal = (
	file: string,
	reason: string,
	code: 'PERMISSION' | 'AUTHENTICATION' = 'AUTHENTICATION',
): ZeoctlError =>
	new ZeoctlError(code, renderForTerminal(`cannot change the passwords in '${file}': ${reason}`));
