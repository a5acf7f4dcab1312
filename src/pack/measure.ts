import type {PackMeasure} from '../history/pack-record.js';
import type {ZeoClient} from '../zeo/client.js';
import type {JobPorts} from './job-ports.js';
import type {PackTarget} from './target.js';

type Ports = Pick<JobPorts, 'kind' | 'freeBytes'>;

/** What a storage is now, by its files, and by its server where it answers. */
export const measure = async (
	{files}: PackTarget,
	client: ZeoClient | undefined,
	{kind, freeBytes}: Ports,
): Promise<PackMeasure> => {
	const info = await client?.info();
	const glance = files && kind.glance(files.dataPath);
	const blobs = files?.blobDirectory && (await kind.measureBlobs(files.blobDirectory));
	return {
		size: glance?.data?.size ?? info?.size ?? null,
		objects: info?.objects ?? null,
		lastTransaction: (await client?.lastTransaction()) ?? null,
		blobs: blobs || null,
		old: glance?.old?.size ?? null,
		freeDisk: (files && (await freeBytes(files.dataPath))) ?? null,
	};
};
