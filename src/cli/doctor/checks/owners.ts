import {constants} from 'node:fs';
import path from 'node:path';
import {denial, mayUse, mayWriteInto, unseen} from '../access.js';
import {type Check, ofConf, ofServer} from '../check.js';
import {dataPaths} from '../data-paths.js';
import {databaseFindings} from '../databases.js';
import {error, type Finding, idle, orFine, warning} from '../finding.js';
import {statIfSeen} from '../seen-files.js';
import type {ConfiguredSubject, Subject} from '../subject.js';
import {blobs} from './blobs.js';
import {controlSocket} from './control-socket.js';
import {runState} from './run-state.js';
import {secrets} from './secrets.js';

const confFiles = ofConf({
	group: 'owners',
	name: 'conf-files',
	about: 'the user of the program can read the conf, and nobody else can change what it runs',
	run(subject) {
		const {report, user, isRoot} = subject;
		const files = 'files' in report ? report.files : [];
		if (files.length === 0) return [idle('everything is on the command line')];
		const closed = files.filter(file => mayUse(file, user, constants.R_OK) === 'no');
		return orFine(
			[
				...closed.map(file => denial(file, user, isRoot)),
				...files.flatMap(file => judgeWriters(file, subject)),
			],
			files.join(', '),
		);
	},
});

/** Whoever can write the conf, or put another one in its place, decides what is run. */
const judgeWriters = (file: string, {user, asOwner}: ConfiguredSubject): readonly Finding[] =>
	[file, path.dirname(file)].flatMap(each => {
		const stats = statIfSeen(each);
		if (stats === undefined) return [];
		const isSticky = stats.isDirectory() && (stats.mode & 0o1000) !== 0;
		const others = stats.mode & (constants.S_IWGRP | constants.S_IWOTH);
		if (others === 0 || isSticky) return [];
		const isForAll = (others & constants.S_IWOTH) !== 0;
		const whom = isForAll ? 'everybody' : `the group ${stats.gid}`;
		const command = asOwner(each, 'chmod', isForAll ? 'go-w' : 'g-w', each);
		if (!isForAll && stats.gid === user.account?.gid) return [];
		return [
			(isForAll ? error : warning)(`${whom} may change '${each}', and so what is run`, {command}),
		];
	});

const logFolders = ofConf({
	group: 'owners',
	name: 'log-folders',
	about: 'the folders of transcript, logs, pid file and history are there and writable',
	run(subject) {
		const folders = foldersOf(subject);
		return folders.length === 0
			? [idle('no such file is named')]
			: orFine(
					folders.flatMap(folder => judgeFolder(folder, subject)),
					folders.join(', '),
				);
	},
});

const foldersOf = ({
	settings,
	server,
	directory,
	stateDirectory,
	system,
}: ConfiguredSubject): readonly string[] => {
	const {transcript} = settings.runner;
	const own = (settings.eventLog?.handlers ?? []).flatMap(handler =>
		handler.type === 'logfile' && !/^STD(?:OUT|ERR)$/.test(handler.path) ? [handler.path] : [],
	);
	const files = [
		...(transcript === undefined ? [] : [path.resolve(directory, transcript)]),
		...own.map(file => path.resolve(system.cwd, file)),
		...(server?.logFiles ?? []),
		...(server?.zeo.pidFilename === undefined ? [] : [server.zeo.pidFilename]),
		...(settings.stateDirectory === undefined ? [] : [stateDirectory]),
	];
	return [...new Set(files.map(file => path.dirname(path.resolve(directory, file))))];
};

const judgeFolder = (
	folder: string,
	{user, isRoot, asRoot}: ConfiguredSubject,
): readonly Finding[] => {
	if (folder === '/dev') return [];
	switch (mayWriteInto(folder, user)) {
		case 'missing':
			return [
				error(`the folder '${folder}' does not exist`, {
					command: asRoot('install', '-d', '-o', user.account?.name ?? 'root', folder),
				}),
			];
		case 'no':
			return [denial(folder, user, isRoot)];
		case 'unknown':
			return [unseen(`to write to '${folder}'`, user)];
		case 'yes':
			return [];
	}
};

const dataFiles = ofServer({
	group: 'owners',
	name: 'data-files',
	about: 'the files of the databases belong to the user of the program, who alone may write them',
	async run({databases, server, directory, user, asOwner}) {
		if (server.storages.every(({path: file}) => file === undefined))
			return [idle('no storage has a file')];
		const found = [
			...databaseFindings(await databases(), ['access', 'owner']),
			...dataPaths({server, directory}).flatMap(file => judgeOthers(file, asOwner)),
		];
		if (found.length === 0 && !user.isSelf) return [unseen('to write the databases', user)];
		return orFine(found, `theirs is ${user.account?.name ?? user.named}`);
	},
});

const judgeOthers = (file: string, asOwner: Subject['asOwner']): readonly Finding[] =>
	((statIfSeen(file)?.mode ?? 0) & constants.S_IWOTH) === 0
		? []
		: [
				error(`everybody may write '${file}'`, {
					command: asOwner(file, 'chmod', 'o-w', file),
				}),
			];

/** Who may read and write what. */
export const ownerChecks: readonly Check[] = [
	confFiles,
	secrets,
	controlSocket,
	runState,
	logFolders,
	dataFiles,
	blobs,
];
