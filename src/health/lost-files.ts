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
		const {storage, path, isUnclaimed, isReplaced} = file;
		const other = isReplaced ? ', and another file is in its place' : '';
		return file.state === 'lost'
			? [
					{
						alarm: 'deleted-file',
						subject: storage,
						level: 'alarm',
						text: `${isUnclaimed ? 'a database of no known storage' : `the file of storage '${storage}'`} has been deleted: '${path}' lives only as long as the server runs${other}`,
						advice: `do not stop or restart the server before this: ${renderShellCommand([...command, 'rescue', storage])}`,
					},
				]
			: [
					{
						alarm: 'moved-file',
						subject: storage,
						level: 'alarm',
						text: isUnclaimed
							? `the server writes to '${file.name}', and which storage it belongs to cannot be told`
							: `the server writes to '${file.name}', not to '${path}' (storage '${storage}')${other}`,
						advice: isUnclaimed
							? 'give the file the name back that the conf has for it, while the server runs'
							: isReplaced
								? `put the other file aside, then: ${putBack(file)}`
								: `put it back: ${putBack(file)}`,
					},
				];
	});

/** The command that gives a file its name again while the server has it open. */
export const putBack = ({name, path}: Pick<ServedFile, 'name' | 'path'>): string =>
	renderShellCommand(['mv', '-n', name ?? '', path]);
