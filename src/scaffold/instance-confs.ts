import path from 'node:path';
import type {Answers} from './answers.js';
import {renderAuthentication} from './authentication.js';
import {renderConfValue, renderProgramWord} from './conf-text.js';

type Place = {
	readonly folder: string;
	readonly logs: string;
	/** Absolute path of the conf of the server. */
	readonly serverConf: string;
};

/** The conf of the server, as `runzeo` reads it. */
export const renderServerConf = (answers: Answers, {folder, logs}: Place): string =>
	lines([
		`# The server of ${answers.project_name}, as runzeo reads it.`,
		'<zeo>',
		`  address 127.0.0.1:${answers.zeo_server_port}`,
		`  pid-filename ${renderConfValue(path.join(folder, 'var/zeo.pid'))}`,
		'  # A client that hangs while it commits blocks all others no longer than this (seconds).',
		'  transaction-timeout 300',
		...renderAuthentication(answers, folder).map(line => `  ${line}`),
		'</zeo>',
		'',
		`<filestorage ${answers.zeo_storage}>`,
		`  path ${renderConfValue(path.join(folder, 'var/Data.fs'))}`,
		...(answers.blobs === 'yes'
			? [`  blob-dir ${renderConfValue(path.join(folder, 'var/blobs'))}`]
			: []),
		'</filestorage>',
		'',
		...renderEventLog(path.join(logs, `zeo-${answers.project_slug}.log`)),
	]);

/** How the server is run, as zdaemon reads it. */
export const renderSupervisorConf = (answers: Answers, place: Place): string => {
	const {folder, logs, serverConf} = place;
	const command = [path.join(folder, 'env/bin/runzeo'), '-C', serverConf];
	return lines([
		`# How the server of ${answers.project_name} is run, as zdaemon reads it.`,
		'<runner>',
		`  program ${command.map(renderProgramWord).join(' ')}`,
		`  user ${answers.run_user}`,
		`  directory ${renderConfValue(folder)}`,
		`  socket-name ${renderConfValue(path.join(folder, 'var/zeo.sock'))}`,
		`  transcript ${renderConfValue(path.join(logs, `transcript-${answers.project_slug}.log`))}`,
		'</runner>',
		'',
		...renderEventLog(path.join(logs, `supervisor-${answers.project_slug}.log`)),
	]);
};

/** What `zeoctl` reads: the other file, and sections that only it knows. */
export const renderZeoctlConf = (answers: Answers): string =>
	lines([
		`# What zeoctl runs for ${answers.project_name}; its own sections are here, so that zdaemon can read the other file.`,
		`%include ${answers.project_slug}-zdaemon.conf`,
		'',
		'<health>',
		'</health>',
		...renderPack(answers),
		...renderMonitor(answers),
		...renderMail(answers),
	]);

const renderEventLog = (file: string): readonly string[] => [
	'<eventlog>',
	'  level info',
	'  <logfile>',
	`    path ${renderConfValue(file)}`,
	'    format %(asctime)s %(levelname)s %(name)s %(message)s',
	'  </logfile>',
	'</eventlog>',
];

const renderPack = ({pack_schedule, pack_days}: Answers): readonly string[] =>
	pack_schedule === 'none'
		? []
		: ['', '<pack>', `  schedule ${pack_schedule}`, `  days ${pack_days}`, '</pack>'];

const renderMonitor = ({zeo_monitor_port}: Answers): readonly string[] =>
	zeo_monitor_port === 'none'
		? []
		: ['', '<monitor>', `  address 127.0.0.1:${zeo_monitor_port}`, '</monitor>'];

const renderMail = ({zeo_pack_report, mail_server}: Answers): readonly string[] =>
	zeo_pack_report === 'none'
		? []
		: [
				'',
				'<mail>',
				`  to ${renderConfValue(zeo_pack_report)}`,
				...renderMailServer(mail_server),
				'</mail>',
			];

const renderMailServer = (server: string): readonly string[] => {
	if (server.startsWith('/')) return [`  sendmail ${renderConfValue(server)}`];
	const [host = '', port] = server.split(':');
	const isLocal = host === 'localhost' || host.startsWith('127.');
	return [
		`  server ${host}`,
		...(port === undefined ? [] : [`  port ${Number(port)}`]),
		// A mail server of the same machine rarely has a certificate for that name, and nobody listens in between.
		...(isLocal ? ['  security none'] : []),
	];
};

const lines = (all: readonly string[]): string => `${all.join('\n')}\n`;
