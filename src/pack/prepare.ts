import type {PackMeasure, PackOutcome} from '../history/pack-record.js';
import {errorMessage} from '../platform/errors.js';
import type {BlobMeasure, FileGlance} from '../storage/kind.js';
import {ZeoCallError} from '../zeo/call-error.js';
import type {ZeoClient} from '../zeo/client.js';
import type {JobPorts} from './job-ports.js';
import {measure} from './measure.js';
import {type Objection, objectTo, packTime, planRoom, type Room} from './policy.js';
import {packLabel} from './server-log.js';
import type {PackTarget} from './target.js';

/** Why a storage is not packed. */
type Hindrance = Objection & {readonly outcome: Extract<PackOutcome, 'skipped' | 'failed'>};

/** What was found before a pack; the connection is open when nothing is against it. */
export type Preparation = {
	readonly packTime: number;
	readonly before: PackMeasure | null;
	readonly rooms: readonly Room[];
	readonly serverStart: string | null;
} & (
	| {readonly client: ZeoClient; readonly hindrance?: never}
	| {readonly client?: never; readonly hindrance: Hindrance}
);

/** Looks whether a storage can be packed now. Rejects only with the reason of the signal. */
export const prepare = async (
	target: PackTarget,
	{run, signal}: {readonly run: string; readonly signal: AbortSignal},
	ports: JobPorts,
): Promise<Preparation> => {
	const nothing = {packTime: packTime(target.limit, ports.now()), before: null, rooms: []};
	const answer = await ports.ask(target, signal);
	const serverStart = answer.answers ? answer.start : null;
	if (!answer.answers)
		return {...nothing, serverStart, hindrance: failed(answer.reason, ports.command('status'))};
	let client: ZeoClient | undefined;
	try {
		client = await ports.open(target, {label: packLabel(run, target.storage), signal});
		const before = await measure(target, client, ports);
		const rooms = await planRooms(target, before, ports);
		const objection = objectTo({target, rooms, ...findOthers(target, ports)}, ports.renderBytes);
		if (objection === undefined) return {...nothing, before, rooms, serverStart, client};
		client.close();
		return {...nothing, before, rooms, serverStart, hindrance: {outcome: 'skipped', ...objection}};
	} catch (error) {
		client?.close();
		if (!(error instanceof ZeoCallError)) throw error;
		return {
			...nothing,
			serverStart,
			hindrance: failed(errorMessage(error), adviceFor(error, ports)),
		};
	}
};

const failed = (reason: string, advice: string | null): Hindrance => ({
	outcome: 'failed',
	reason,
	advice,
});

const adviceFor = ({trouble}: ZeoCallError, {command}: JobPorts): string | null => {
	switch (trouble.result) {
		case 'raised':
			return trouble.kind === 'unknown-storage'
				? 'name a storage that the conf of the server has'
				: null;
		case 'unauthenticated':
			return 'give --user and --password-file';
		default:
			return command('status');
	}
};

const findOthers = ({files}: PackTarget, {kind, findWriter, findReader}: JobPorts) => ({
	packer: files && findWriter(kind.packPath(files.dataPath)),
	backup: files && findReader(files.dataPath),
});

const planRooms = async (
	{files, margin}: PackTarget,
	{size, freeDisk, blobs}: PackMeasure,
	ports: JobPorts,
): Promise<readonly Room[]> => {
	if (files === undefined || size === null || freeDisk === null) return [];
	const {old, pack} = ports.kind.glance(files.dataPath);
	const facts = {
		data: size,
		old: sizeOf(old),
		leftover: sizeOf(pack),
		free: freeDisk,
		path: files.dataPath,
		blobs: await blobRoom(files, blobs, ports),
	};
	return planRoom(facts, margin);
};

const sizeOf = (file: FileGlance | undefined): number => file?.size ?? 0;

const blobRoom = async (
	files: NonNullable<PackTarget['files']>,
	blobs: BlobMeasure | null,
	{blobCopies, freeBytes}: JobPorts,
) => {
	const {blobDirectory} = files;
	if (blobDirectory === undefined || blobs === null) return undefined;
	const copies = await blobCopies(files);
	const free = copies && (await freeBytes(blobDirectory));
	return copies === undefined || free === undefined
		? undefined
		: {bytes: blobs.bytes, free, path: blobDirectory, sameDisk: copies.sameDisk};
};
