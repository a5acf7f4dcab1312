import {findOldestProcess, hasOpen, holdsSocket, identifyFile} from './descriptors.js';
import {describeHolder, type Holder} from './holders.js';
import {findAllListeners} from './listeners.js';
import {isWriting} from './writers.js';

/**
 * The oldest process, other than this one, that only reads a file, as a backup does; servers, which write it or listen
 * somewhere, do not count. As far as descriptors can be seen. Looks at every process: 5 to 57 ms.
 */
export const findReader = (file: string): Holder | undefined => {
	const identity = identifyFile(file);
	const pid =
		identity &&
		findOldestProcess(
			candidate =>
				candidate !== process.pid &&
				hasOpen(candidate, identity) &&
				!hasOpen(candidate, identity, fd => isWriting(candidate, fd)) &&
				!holdsSocket(candidate, findAllListeners()),
		);
	return pid === undefined ? undefined : describeHolder(pid, undefined);
};
