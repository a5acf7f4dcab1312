import path from 'node:path';
import {describeFile, putBack} from '../health/lost-files.js';
import {makeFolderWords} from '../platform/make-folder.js';
import {renderBytes, renderTime} from '../platform/quantities.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {renderForTerminal} from '../platform/terminal-text.js';
import type {CopiedFile} from '../storage/copy-live-file.js';
import type {ServedFile} from '../storage/served-file.js';
import {transactionTime} from '../zeo/transaction-id.js';
import {giveUpWord} from './refuse-loss.js';

/** A file that was copied out of a server. */
export type Rescue = {
	readonly file: ServedFile;
	readonly target: string;
	readonly copied: CopiedFile;
	/** `gone`: the conf names a blob folder that is not there. */
	readonly blobs: 'none' | 'present' | 'gone';
	readonly blobDirectory: string | undefined;
	/** Whether the folder of the lost file is there. */
	readonly hasFolder: boolean;
	/** Whether `zeoctl stop` ends the server. */
	readonly isOurs: boolean;
};

/** What to do, in order; commands are ready for a shell. */
type Step = {readonly text: string; readonly command: string | null};

/** How the copy takes the place of the lost file; `command` is `zeoctl` with its flags. */
const planSteps = (
	{file, target, isOurs, blobs, blobDirectory, copied, hasFolder}: Rescue,
	command: readonly string[],
): readonly Step[] => {
	const {storage, path: place, pid, state, isUnclaimed, isReplaced} = file;
	const step = (text: string, words: readonly string[] | null): Step => ({
		text,
		command: words === null ? null : renderShellCommand(words),
	});
	const aside = isReplaced
		? [step('put the file aside that took its place', ['mv', '-n', place, `${place}.other`])]
		: [];
	const restore =
		blobs === 'gone' ? [step(`restore the blob folder ${blobDirectory} from a backup`, null)] : [];
	const folder =
		hasFolder || isUnclaimed
			? []
			: [
					step(
						'make its folder again, for the user of the server',
						makeFolderWords(path.dirname(place)),
					),
				];
	if (state === 'moved') {
		const back = {
			text: 'give the file its name again, while the server runs',
			command: isUnclaimed ? null : putBack(file),
		};
		return [...folder, ...aside, back, ...restore];
	}
	return [
		step(
			'end every client that writes: what they commit from now on is only in the deleted file',
			null,
		),
		step('if anything was committed after this copy, make another and use that', [
			...command,
			'rescue',
			storage,
		]),
		...folder,
		isOurs
			? step('end the server', [...command, 'stop', giveUpWord])
			: step('end the server', ['kill', String(pid)]),
		...aside,
		isUnclaimed
			? step('find out which storage it belongs to, and put the copy where the conf has that', null)
			: step('put the copy in its place', ['mv', '-n', target, place]),
		...restore,
		...(!isUnclaimed && copied.lastTransaction === undefined && copied.damagedAt === undefined
			? [step('say that it is to be empty', [...command, 'accept-database', storage])]
			: []),
		step('start it again', [...command, 'start']),
	];
};

/** The report for people. */
export const renderRescue = (rescue: Rescue, command: readonly string[]): string => {
	const {file, target, copied, blobs, blobDirectory} = rescue;
	const lines = [
		`${file.storage}: ${describeFile(file)}`,
		`  copied to ${target}`,
		`  ${describeCopy(copied)}`,
		...(copied.leftOut === 0
			? []
			: [`  left out: ${copied.leftOut} bytes of a transaction that is not finished`]),
		...(copied.damagedAt === undefined
			? []
			: [
					`  DAMAGED: from byte ${copied.damagedAt} on it is no row of transactions; everything was copied`,
				]),
		...(blobs === 'gone'
			? [
					`  the blob folder ${blobDirectory} is gone: the server does not keep blobs open, so they cannot be rescued`,
				]
			: []),
		'next:',
		...planSteps(rescue, command).map(
			({text, command: words}, index) =>
				`  ${index + 1}. ${text}${words === null ? '' : `\n       ${words}`}`,
		),
	];
	return lines
		.flatMap(line => line.split('\n'))
		.map(line => `${renderForTerminal(line)}\n`)
		.join('');
};

const describeCopy = ({bytes, transactions, lastTransaction}: CopiedFile): string => {
	const size = `${renderBytes(bytes)} (${bytes} bytes)`;
	if (lastTransaction === undefined) return `${size}, no transaction`;
	const last = renderTime(transactionTime(lastTransaction));
	return `${size}, ${transactions} transactions, all checked, the last of ${last} (${lastTransaction})`;
};

/** The same for programs. */
export const rescueDocument = (rescue: Rescue, command: readonly string[]) => {
	const {file, target, copied, blobs} = rescue;
	const {lastTransaction, damagedAt, ...sizes} = copied;
	return {
		storage: file.storage,
		path: file.path,
		state: file.state,
		replaced: file.isReplaced,
		pid: file.pid,
		target,
		...sizes,
		lastTransaction: lastTransaction ?? null,
		lastTransactionAt: lastTransaction === undefined ? null : transactionTime(lastTransaction),
		damagedAt: damagedAt ?? null,
		blobs,
		next: planSteps(rescue, command),
	};
};
