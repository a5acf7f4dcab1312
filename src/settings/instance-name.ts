import path from 'node:path';

/** Names of files and folders that say nothing about which instance it is. */
const general = /^(?:zeo|zeoctl|zdaemon|zdctl|etc|conf|config|demo|var|\W*)$/i;

/**
 * What people call an instance: the name of its conf without `-zeoctl` or `-zdaemon`, or of the first folder above it
 * that says more than `etc/zeo.conf`.
 */
export const instanceName = (configFile: string | undefined): string => {
	if (configFile === undefined) return 'zeoctl';
	const parts = configFile.split(path.sep).reverse();
	const names = parts.map((part, index) => (index === 0 ? part.replace(/\.[^.]*$/, '') : part));
	const name = names.find(each => !general.test(each)) ?? names[0] ?? 'zeoctl';
	return name.replace(/(?<=.)-(?:zeoctl|zdaemon)$/, '');
};
