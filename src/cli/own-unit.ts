import {serviceName} from '../generate/service-name.js';
import {realFile} from '../platform/real-file.js';
import {isBooted} from '../systemd/booted.js';
import {isInstalledFor} from '../systemd/installed-unit.js';

/**
 * The service of systemd that is installed for a conf, such as `zeo-main.service`; undefined without one, or
 * without systemd, which costs one look.
 */
export const findOwnUnit = (configFile: string | undefined): string | undefined => {
	if (!configFile?.startsWith('/') || !isBooted()) return undefined;
	const confs = [...new Set([configFile, realFile(configFile)])];
	return confs
		.flatMap(conf => serviceName(conf) ?? [])
		.map(name => `zeo-${name}.service`)
		.find(unit => isInstalledFor(unit, confs));
};
