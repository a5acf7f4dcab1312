import {ZeoctlError} from '../platform/errors.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import type {ServiceFacts} from './service-facts.js';

/** Folders that the sandbox of the service empties, and the setting that does it. */
const hidden: readonly (readonly [folder: string, setting: string])[] = [
	['/home', 'ProtectHome'],
	['/root', 'ProtectHome'],
	['/run/user', 'ProtectHome'],
	['/tmp', 'PrivateTmp'],
	['/var/tmp', 'PrivateTmp'],
	['/dev', 'PrivateDevices'],
];

const findHiding = (path: string): (typeof hidden)[number] | undefined =>
	hidden.find(([folder]) => path === folder || path.startsWith(`${folder}/`));

/** The setting that hides a path from a hardened service; undefined for one that it sees. */
export const hiddenBy = (path: string): string | undefined => findHiding(path)?.[1];

/** Throws for the first path that a hardened service could not see. */
export const refuseHiddenPaths = (facts: ServiceFacts): void => {
	const {conf, node, script, launcher, directory, writable, logs} = facts;
	for (const path of [conf, node, script, launcher, directory, ...writable, ...logs]) {
		const found = findHiding(path);
		if (!found) continue;
		const [folder, setting] = found;
		throw new ZeoctlError(
			'CONFIGURATION',
			`cannot generate units for ${quote(path)}: a hardened service does not see ${folder} (${setting})`,
			{hint: 'keep it elsewhere, such as below /srv, /opt or /var/lib'},
		);
	}
};
