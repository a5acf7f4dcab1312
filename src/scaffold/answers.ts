import {
	checkAccount,
	checkChoice,
	checkClient,
	checkDays,
	checkFolder,
	checkLogs,
	checkMailbox,
	checkMailServer,
	checkPort,
	checkSchedule,
	checkSlug,
	checkStorage,
	checkTitle,
	type Machine,
	type Objection,
} from './answer-checks.js';

/** What an instance is made from, by name. Values are texts, as typed. */
export type AnswerName =
	| 'project_name'
	| 'project_slug'
	| 'pyams_release'
	| 'zeo_version'
	| 'eggs_directory'
	| 'run_user'
	| 'run_group'
	| 'zeo_server_port'
	| 'zeo_monitor_port'
	| 'zeo_storage'
	| 'blobs'
	| 'use_zeo_auth'
	| 'zeo_auth_user'
	| 'pack_schedule'
	| 'pack_days'
	| 'zeo_pack_report'
	| 'mail_server'
	| 'logs_directory';

export type Answers = Readonly<Record<AnswerName, string>>;

/** One thing to know before an instance can be made. */
export type Question = {
	readonly name: AnswerName;
	readonly text: string;
	/** What is taken when nobody says anything else; the answers to earlier questions are there. */
	propose(earlier: Partial<Answers>, machine: Machine): string;
	check(value: string, earlier: Partial<Answers>, machine: Machine): Objection;
	/** The only values that make sense, where they are few. */
	choices?(earlier: Partial<Answers>, machine: Machine): readonly string[];
};

const yesOrNo = {
	choices: () => ['yes', 'no'],
	check: (value: string) => checkChoice(value, ['yes', 'no']),
};

/** All questions, in the order in which they are asked. */
export const questions: readonly Question[] = [
	{
		name: 'project_name',
		text: 'name of the project',
		propose: (_, {folder}) => folder.slice(folder.lastIndexOf('/') + 1).trim() || 'ZEO',
		check: checkTitle,
	},
	{
		name: 'project_slug',
		text: 'short name, for files and the service',
		propose: ({project_name = ''}) => slugOf(project_name, 'zeo'),
		check: checkSlug,
	},
	{
		name: 'pyams_release',
		text: 'set of pinned Python packages',
		propose: () => 'latest',
		choices: (_, {releases}) => ['latest', ...releases.map(({name}) => name)],
		check: (value, _, {releases}) =>
			checkChoice(value, ['latest', ...releases.map(({name}) => name)]),
	},
	{
		name: 'zeo_version',
		text: 'version of ZEO',
		propose: (earlier, machine) => zeoVersions(earlier, machine).at(-1) ?? '',
		choices: (earlier, machine) => zeoVersions(earlier, machine),
		check: (value, earlier, machine) => checkChoice(value, zeoVersions(earlier, machine)),
	},
	{
		name: 'eggs_directory',
		text: 'cache of Python packages, may be shared',
		propose: (_, {home}) => `${home}/.cache/zeoctl/packages`,
		check: checkFolder,
	},
	{
		name: 'run_user',
		text: 'user that the server runs as',
		propose: (_, {user}) => (user.uid === 0 ? 'zeoadm' : user.name),
		check: checkAccount,
	},
	{
		name: 'run_group',
		text: 'group that the server runs as',
		propose: (_, {user}) => (user.uid === 0 ? 'zeo' : user.group),
		check: checkAccount,
	},
	{
		name: 'zeo_server_port',
		text: 'port of the server',
		propose: () => '8100',
		check: (value, {run_user = ''}, machine) => checkPort(value, run_user, machine),
	},
	{
		name: 'zeo_monitor_port',
		text: 'port of the monitor page, or none',
		propose: ({zeo_server_port}) => (zeo_server_port === '8101' ? '8102' : '8101'),
		check(value, {run_user = '', zeo_server_port}, machine) {
			if (value === 'none') return undefined;
			return value === zeo_server_port
				? 'another port than that of the server, or none'
				: checkPort(value, run_user, machine);
		},
	},
	{
		name: 'zeo_storage',
		text: 'name of the storage, for clients',
		propose: ({project_name = ''}) => slugOf(project_name, '1').toLowerCase(),
		check: checkStorage,
	},
	{name: 'blobs', text: 'keep blobs in files of their own', propose: () => 'yes', ...yesOrNo},
	{
		name: 'use_zeo_auth',
		text: 'only clients with a certificate may connect (with a password, for ZEO 4)',
		propose: () => 'no',
		...yesOrNo,
	},
	{
		name: 'zeo_auth_user',
		text: 'name of the first client that may connect',
		propose: () => 'client',
		check: checkClient,
	},
	{
		name: 'pack_schedule',
		text: 'when the storage is packed, as in cron, or none',
		propose: () => '17 3 * * 0',
		check: checkSchedule,
	},
	{
		name: 'pack_days',
		text: 'days of history that a pack keeps',
		propose: () => '7',
		check: checkDays,
	},
	{
		name: 'zeo_pack_report',
		text: 'mail address for reports of packs, or none',
		propose: () => 'none',
		check: checkMailbox,
	},
	{
		name: 'mail_server',
		text: 'mail server (HOST, HOST:PORT, or the path of a sendmail)',
		propose: () => 'localhost',
		check: checkMailServer,
	},
	{
		name: 'logs_directory',
		text: 'folder of the logs; relative to the instance, or absolute',
		propose: () => 'var/log',
		check: checkLogs,
	},
];

const zeoVersions = ({pyams_release}: Partial<Answers>, {releases}: Machine): readonly string[] =>
	(releases.find(({name}) => name === pyams_release) ?? releases.at(-1))?.zeoVersions ?? [];

/** A name for people as one for files: without accents, in small letters; the other where nothing is left of it. */
const slugOf = (title: string, otherwise: string): string =>
	title
		.normalize('NFKD')
		.replaceAll(/\p{M}/gu, '')
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/g, '-')
		.slice(0, 40)
		.replaceAll(/^-+|-+$/g, '') || otherwise;
