import type {HealthSettings} from '../settings/settings.js';
import type {Finding} from './alarms.js';

/** A file system that paths of the conf are on. */
export type FileSystemRoom = {
	/** The first of the paths. */
	readonly path: string;
	/** For everybody but root. */
	readonly freeBytes: number;
	/** Null where inodes are not counted. */
	readonly freeInodesPercent: number | null;
};

/** Descriptors of the server. */
export type Descriptors = {readonly open: number; readonly limit: number};

/** Percent of the limit from which the open descriptors are an alarm. */
const mostDescriptorsPercent = 90;

/** What the machine will soon refuse to the server. */
export const findResourceAlarms = (
	{
		rooms,
		descriptors,
	}: {
		readonly rooms: readonly FileSystemRoom[];
		readonly descriptors: Descriptors | undefined;
	},
	{diskFloor, inodeFloor}: Pick<HealthSettings, 'diskFloor' | 'inodeFloor'>,
): readonly Finding[] => [
	...rooms.flatMap(({path, freeBytes, freeInodesPercent}) => [
		...(freeBytes < diskFloor
			? [alarm('disk', path, `only ${renderMegabytes(freeBytes)} are free for ${path}`)]
			: []),
		...(freeInodesPercent !== null && freeInodesPercent < inodeFloor
			? [alarm('inodes', path, `only ${freeInodesPercent} % of the inodes are free for ${path}`)]
			: []),
	]),
	...(descriptors !== undefined &&
	descriptors.open * 100 >= descriptors.limit * mostDescriptorsPercent
		? [
				alarm(
					'descriptors',
					'',
					`the server has ${descriptors.open} of at most ${descriptors.limit} files and connections open`,
				),
			]
		: []),
];

const alarm = (name: string, subject: string, text: string): Finding => ({
	alarm: name,
	subject,
	level: 'alarm',
	text,
	advice: null,
});

/** Rounded down to two digits, so that the text does not change with every commit. */
const renderMegabytes = (bytes: number): string => {
	const megabytes = Math.floor(bytes / 1024 ** 2);
	const step = 10 ** Math.max(0, String(megabytes).length - 2);
	return `${Math.floor(megabytes / step) * step} MB`;
};
