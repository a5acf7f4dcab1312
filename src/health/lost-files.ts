import {renderShellCommand} from '../platform/shell-word.js';
import type {ServedFile} from '../storage/served-file.js';
import type {Finding} from './alarms.js';

/** What must be known of data files whose paths do not lead to them any more; `command` is `zeoctl` with its conf. */
export const findLostFileAlarms = (
	files: readonly ServedFile[],
	command: readonly string[],
): readonly Finding[] =>
	files.flatMap(file => {
		if (file.state === 'in-place') return [];
		const isLost = file.state === 'lost';
		return [
			{
				alarm: isLost ? 'deleted-file' : 'moved-file',
				subject: file.storage,
				level: 'alarm',
				text: describeFile(file),
				advice: isLost ? rescueFirst(file, command) : adviseOnMoved(file),
			},
		];
	});

/** What became of the data file of a server, for people. */
export const describeFile = (file: ServedFile): string => {
	const {path, pid, state, name, isUnclaimed, isReplaced} = file;
	const other = isReplaced ? ', while another file is in its place' : '';
	const unclear = isUnclaimed ? '; which storage it belongs to cannot be told' : '';
	switch (state) {
		case 'lost':
			return `the database '${path}' has been deleted, and lives only as long as the server (pid ${pid})${other}${unclear}`;
		case 'moved':
			return isUnclaimed
				? `the server (pid ${pid}) writes to '${name}'${unclear}`
				: `the server (pid ${pid}) writes to '${name}', not to '${path}'${other}`;
		case 'in-place':
			return `the server (pid ${pid}) writes to '${path}', as it should`;
	}
};

/** What must not be done to a server that alone has a database, before the command that follows. */
export const leaveRunning = 'do not stop or restart the server before this';

/** What to do while a deleted file still lives. */
export const rescueFirst = (
	{storage}: Pick<ServedFile, 'storage'>,
	command: readonly string[],
): string => `${leaveRunning}: ${renderShellCommand([...command, 'rescue', storage])}`;

const adviseOnMoved = (file: ServedFile): string => {
	if (file.isUnclaimed)
		return 'give the file the name back that the conf has for it, while the server runs';
	return file.isReplaced
		? `put the other file aside, then: ${putBack(file)}`
		: `put it back: ${putBack(file)}`;
};

/** The command that gives a file its name again while the server has it open. */
export const putBack = ({name, path}: Pick<ServedFile, 'name' | 'path'>): string =>
	renderShellCommand(['mv', '-n', name ?? '', path]);
