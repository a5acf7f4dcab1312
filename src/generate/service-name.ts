import {instanceName} from '../settings/instance-name.js';

/** Longer names say no more, and files of systemd and of cron have limits. */
const longestName = 64;

/**
 * What an instance is called in the names of its files (`zeo-NAME.service`): as people call it, reduced to what
 * systemd, cron and init scripts all read. Undefined where nothing is left.
 */
export const serviceName = (conf: string): string | undefined => {
	const name = instanceName(conf)
		.replaceAll(/[^A-Za-z0-9_]+/g, '-')
		.slice(0, longestName)
		.replaceAll(/^-+|-+$/g, '');
	return name === '' ? undefined : name;
};
