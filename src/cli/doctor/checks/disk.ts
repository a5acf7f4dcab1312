import {statfsSync} from 'node:fs';
import path from 'node:path';
import {planStorages} from '../../../pack/planned-storages.js';
import {planRoom, type Room} from '../../../pack/policy.js';
import {renderBytes} from '../../../platform/quantities.js';
import {realFile} from '../../../platform/real-file.js';
import {renderShellCommand} from '../../../platform/shell-word.js';
import type {StorageSettings} from '../../../settings/settings.js';
import {fileStorage} from '../../../storage/zeo.js';
import {type Check, ofConf, ofServer} from '../check.js';
import {error, type Finding, fine, idle, orFine, warning} from '../finding.js';
import {statIfSeen} from '../seen-files.js';
import type {ConfiguredSubject, ServedSubject} from '../subject.js';

/** What a pack without settings of its own wants beyond a copy, in percent. */
const usualMargin = 10;

const packRoom = ofServer({
	group: 'disk',
	name: 'pack-room',
	about: 'there is room for the copy that a pack writes, with its margin',
	run(subject) {
		const rooms = subject.server.storages.flatMap(storage => roomOf(storage, subject));
		if (rooms.length === 0) return [idle('no storage has a file that can be packed')];
		return rooms.flatMap(judgeRoom);
	},
});

/** Blobs need room only where there are no hard links; that is left to the pack itself. */
const roomOf = (
	{name, path: file, readOnly}: StorageSettings,
	{settings, server, directory}: ServedSubject,
): readonly Room[] => {
	if (file === undefined || readOnly) return [];
	const dataPath = realFile(path.resolve(directory, file));
	const {data, old, pack} = fileStorage.glance(dataPath);
	const free = freeBytes(path.dirname(dataPath));
	if (data === undefined || free === undefined) return [];
	const planned = planStorages(settings.packs, server.storages).find(each => each.name === name);
	const facts = {data: data.size, old: old?.size ?? 0, leftover: pack?.size ?? 0};
	return planRoom(
		{...facts, free, path: dataPath, blobs: undefined},
		planned?.pack.margin ?? usualMargin,
	);
};

/** Whether a pack would find the room that it needs. */
export const judgeRoom = ({path: file, needed, free}: Room): readonly Finding[] =>
	free >= needed
		? [fine(`'${file}': a pack needs ${renderBytes(needed)}, ${renderBytes(free)} are free`)]
		: [
				error(
					`'${file}': a pack needs ${renderBytes(needed)}, only ${renderBytes(free)} are free`,
					{
						advice: `free ${renderBytes(needed - free)} there; until then every pack is skipped`,
						command: renderShellCommand(['df', '-h', path.dirname(file)]),
					},
				),
			];

/** The floors of a `<health>` section without keys. */
const usualFloors = {diskFloor: 1024 ** 3, inodeFloor: 5};

const floors = ofConf({
	group: 'disk',
	name: 'free-space',
	about: 'the disks of databases, logs and state have free space and inodes above their floors',
	run(subject) {
		const found = disksOf(subject);
		const limits = subject.settings.health ?? usualFloors;
		return orFine(
			found.flatMap(disk => judgeDisk(disk, limits)),
			found.map(({folder, free}) => `'${folder}' ${renderBytes(free)}`).join(', '),
		);
	},
});

type Disk = {
	readonly folder: string;
	readonly free: number;
	/** Undefined where inodes are not counted. */
	readonly inodesPercent: number | undefined;
};

/** One folder of each file system. */
const disksOf = (subject: ConfiguredSubject): readonly Disk[] => {
	const {server, directory, stateDirectory, settings} = subject;
	const {transcript} = settings.runner;
	const files = [
		...(server?.storages ?? []).flatMap(({path: file}) => file ?? []),
		...(server?.storages ?? []).flatMap(({blobDirectory}) => blobDirectory ?? []),
		...(transcript === undefined ? [] : [transcript]),
		...(server?.logFiles ?? []),
		stateDirectory,
	];
	const folders = files.map(file => path.dirname(realFile(path.resolve(directory, file))));
	const devices = folders.map(folder => statIfSeen(folder)?.dev);
	return folders.filter((_, index) => devices.indexOf(devices[index]) === index).flatMap(diskOf);
};

const diskOf = (folder: string): readonly Disk[] => {
	try {
		const {bavail, bsize, files, ffree} = statfsSync(folder);
		const inodesPercent = files === 0 ? undefined : Math.floor((ffree / files) * 100);
		return [{folder, free: bavail * bsize, inodesPercent}];
	} catch {
		return [];
	}
};

/** Whether a disk will soon be full. */
export const judgeDisk = (
	{folder, free, inodesPercent}: Disk,
	{diskFloor, inodeFloor}: {readonly diskFloor: number; readonly inodeFloor: number},
): readonly Finding[] => [
	...(free >= diskFloor
		? []
		: [
				(free === 0 ? error : warning)(`only ${renderBytes(free)} are free in '${folder}'`, {
					command: renderShellCommand(['df', '-h', folder]),
				}),
			]),
	...(inodesPercent === undefined || inodesPercent >= inodeFloor
		? []
		: [
				(inodesPercent === 0 ? error : warning)(
					`only ${inodesPercent} % of the inodes are free in '${folder}'`,
					{command: renderShellCommand(['df', '-i', folder])},
				),
			]),
];

const freeBytes = (folder: string): number | undefined => diskOf(folder)[0]?.free;

/** Whether there is room. */
export const diskChecks: readonly Check[] = [packRoom, floors];
