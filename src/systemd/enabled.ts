import {existsSync, readdirSync} from 'node:fs';
import path from 'node:path';

/** Where `systemctl enable` puts its links, and where other tools do. */
const folders = ['/etc/systemd/system', '/run/systemd/system', '/usr/lib/systemd/system'];

/**
 * Whether something starts a unit at boot: a link of it among what another unit wants or requires. Costs a listing of
 * three small folders, where asking systemctl would cost a process.
 */
export const isEnabled = (unit: string, among: readonly string[] = folders): boolean =>
	among.some(folder =>
		listFolder(folder)
			.filter(name => /\.(?:wants|requires)$/.test(name))
			.some(name => existsSync(path.join(folder, name, unit))),
	);

const listFolder = (folder: string): readonly string[] => {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
};
