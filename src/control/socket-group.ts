import {findGroup} from '../platform/accounts.js';
import {ZeoctlError} from '../platform/errors.js';

/** The group that may use the control socket, undefined when only its owner may. */
export const findSocketGroup = async (name: string | undefined): Promise<number | undefined> => {
	if (name === undefined) return undefined;
	const gid = await findGroup(name);
	if (gid !== undefined) return gid;
	throw new ZeoctlError(
		'CONFIGURATION',
		`cannot give the control socket to the group '${name}': there is no such group`,
		{
			hint: `addgroup --system ${name}`,
		},
	);
};
