import path from 'node:path';
import {longestSocketPath} from '../../../control/socket-path.js';
import {readFileSystem} from '../../../guard/place-facts.js';
import {denial, mayWriteInto, unseen} from '../access.js';
import {ofConf} from '../check.js';
import {error, type Finding, fine, warning} from '../finding.js';
import type {ConfiguredSubject} from '../subject.js';

/** Whether the control socket can be made and reached. */
export const controlSocket = ofConf({
	group: 'owners',
	name: 'control-socket',
	about: 'the control socket can be made: its folder, the length of its path, its file system',
	async run(subject) {
		const {socketPath, contact} = subject;
		const folder = path.dirname(socketPath);
		const seen = await contact();
		return [
			...judgeLength(socketPath),
			...judgeNetwork(folder),
			...(seen.contact === 'session' ? [fine(socketPath)] : judgeFolder(subject, folder)),
			...(seen.contact === 'stale'
				? [fine('a socket is left over; the next start replaces it')]
				: []),
		];
	},
});

/** A longer path works through its folder, but not for every client. */
export const judgeLength = (socketPath: string): readonly Finding[] => {
	const bytes = Buffer.byteLength(socketPath);
	return bytes <= longestSocketPath
		? []
		: [
				warning(
					`the path of the control socket has ${bytes} bytes: zdaemon's own clients reach ${longestSocketPath} at most`,
					{advice: 'set a shorter socket-name'},
				),
			];
};

const judgeNetwork = (folder: string): readonly Finding[] => {
	const network = readFileSystem(path.join(folder, 'x'))?.network;
	return network === undefined
		? []
		: [
				warning(
					`the folder of the control socket is on ${network}: no other machine reaches it, and its locks may not hold`,
					{advice: 'set socket-name in a folder of a local disk, such as /run'},
				),
			];
};

const judgeFolder = (
	{socketPath, user, isRoot, asRoot}: ConfiguredSubject,
	folder: string,
): readonly Finding[] => {
	switch (mayWriteInto(folder, user)) {
		case 'missing':
			return mayWriteInto(path.dirname(folder), user) === 'yes'
				? [fine(`${socketPath}; its folder is made by the first start`)]
				: [
						error(`the folder of the control socket does not exist: '${folder}'`, {
							command: asRoot('install', '-d', '-o', user.account?.name ?? 'root', folder),
						}),
					];
		case 'no':
			return [denial(folder, user, isRoot)];
		case 'unknown':
			return [unseen(`to write to '${folder}'`, user)];
		case 'yes':
			return [fine(socketPath)];
	}
};
