import type {ExecutionContext} from 'ava';
import {skip} from './python.js';
import {runCommand} from './zeoctl.js';

/** Runs what follows as the first process of a container, which ends with it. */
export const container = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'] as const;

/** False, with the reason printed, where no container can be made. */
export const hasContainers = async (t: ExecutionContext): Promise<boolean> => {
	const {exitCode, stderr} = await runCommand(t, [...container, 'true']);
	if (exitCode !== 0) skip(t, `cannot make a pid namespace: ${stderr}`);
	return exitCode === 0;
};
