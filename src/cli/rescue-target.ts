import {statfsSync} from 'node:fs';
import path from 'node:path';
import {ZeoctlError} from '../platform/errors.js';
import {renderBytes} from '../platform/quantities.js';
import {realFile} from '../platform/real-file.js';
import {renderShellCommand} from '../platform/shell-word.js';
import type {StorageSettings} from '../settings/settings.js';
import type {ServedFile} from '../storage/served-file.js';
import {fileStorage} from '../storage/zeo.js';

/** Beside the place of the file, with the local time in its name: `Data.fs.rescued-20261123-041351`. */
export const defaultTarget = ({path: file}: ServedFile, nowMs: number): string => {
	const now = new Date(nowMs);
	const two = (value: number): string => String(value).padStart(2, '0');
	const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('');
	const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('');
	return fileStorage.rescuePath(file, `${day}-${time}`);
};

/** Throws where a copy would take the place of a file that a server uses. */
export const refuseLivePath = (
	target: string,
	storages: readonly StorageSettings[],
	{directory, steps}: {readonly directory: string; readonly steps: string},
): void => {
	const real = realFile(target);
	for (const storage of storages) {
		if (storage.path === undefined) continue;
		const dataPath = path.resolve(directory, storage.path);
		const taken = [dataPath, realFile(dataPath)].flatMap(each =>
			fileStorage
				.files({dataPath: each, blobDirectory: undefined})
				.flatMap(({is, path: file}) => (is === 'file' ? [file] : [])),
		);
		if (taken.includes(target) || taken.includes(real)) {
			throw new ZeoctlError(
				'USAGE',
				`cannot rescue to '${target}': that name belongs to storage '${storage.name}', whose server has another file open`,
				{hint: steps},
			);
		}
	}
};

/** Beyond the size of the file, for what is written meanwhile. */
const marginBytes = 16 * 1024 * 1024;

/** Throws where the copy would not find room. */
export const refuseFullDisk = (
	{size}: ServedFile,
	target: string,
	anotherPlace: readonly string[],
): void => {
	const folder = path.dirname(target);
	const free = freeBytes(folder, anotherPlace);
	if (free >= size + marginBytes) return;
	throw new ZeoctlError(
		'RESCUE',
		`cannot rescue to '${target}': ${renderBytes(size + marginBytes)} are needed there, ${renderBytes(free)} are free`,
		{hint: renderShellCommand(anotherPlace)},
	);
};

const freeBytes = (folder: string, anotherPlace: readonly string[]): number => {
	try {
		const {bavail, bsize} = statfsSync(folder);
		return bavail * bsize;
	} catch (cause) {
		throw new ZeoctlError('RESCUE', `cannot rescue to '${folder}': there is no such folder`, {
			cause,
			hint: renderShellCommand(anotherPlace),
		});
	}
};
