import {existsSync, lstatSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {possiblePaths} from '../generate/places.js';
import type {ServiceFacts} from '../generate/service-facts.js';
import {isForConf, type Machine} from '../generate/steps.js';
import {findAccount, findGroup} from '../platform/accounts.js';
import {ZeoctlError} from '../platform/errors.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import {isBooted} from '../systemd/booted.js';
import {findOpenFolders} from './own-programs.js';
import {refuseSharedFolder} from './perform-steps.js';

const sysusersFolder = '/etc/sysusers.d';

/** Looks at the machine on which a service shall be installed. */
export const inspectMachine = async ({user, group}: ServiceFacts): Promise<Machine> => ({
	init: isBooted() ? 'systemd' : 'init',
	hasUser: (await findAccount(user)) !== undefined,
	hasGroup: (await findGroup(group)) !== undefined,
	hasSysusers: ['/usr/bin', '/bin'].some(folder => existsSync(`${folder}/systemd-sysusers`)),
});

/** The installed files of a service. Throws where one of its names is taken by something else. */
export const findInstalled = (facts: ServiceFacts): readonly string[] =>
	possiblePaths(facts.name, '/etc').filter(file => {
		const found = lstatSync(file, {throwIfNoEntry: false});
		if (found === undefined) return false;
		if (found.isFile() && isForConf(readFileSync(file, 'utf8'), facts)) return true;
		throw new ZeoctlError(
			'USAGE',
			`cannot install or uninstall ${quote(facts.name)}: ${quote(file)} was not made for this conf`,
			{hint: `look at ${file}, and move it away or give the conf another name`},
		);
	});

/** Whether the account was made for this service and no other one needs it. */
export const ownsAccount = (
	{name, user, group}: ServiceFacts,
	installed: readonly string[],
): {readonly ownsAccount: boolean; readonly ownsGroup: boolean} => {
	const own = path.join(sysusersFolder, `zeo-${name}.conf`);
	if (!installed.includes(own)) return {ownsAccount: false, ownsGroup: false};
	const others = readdirSync(sysusersFolder)
		.map(file => path.join(sysusersFolder, file))
		.filter(file => file !== own && file.endsWith('.conf'))
		.flatMap(file => readFileSync(file, 'utf8').split(/\s+/));
	return {ownsAccount: !others.includes(user), ownsGroup: !others.includes(group)};
};

/** Throws where somebody but root could exchange what the service runs. */
export const refuseSharedPrograms = (facts: ServiceFacts): void => {
	for (const folder of findOpenFolders(facts)) refuseSharedFolder(folder);
};
