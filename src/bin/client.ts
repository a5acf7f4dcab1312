import type {EarlySupervisor} from '../cli/early-supervisor.js';
import {main} from '../cli/main.js';
import {realSystem} from '../cli/real-system.js';

/** One command line, from its words to its exit status. */
export const run = async (early?: EarlySupervisor): Promise<number> => {
	try {
		return await main(realSystem(early));
	} finally {
		await early?.dismiss();
	}
};
