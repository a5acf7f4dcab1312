import type {InstanceContext} from './command.js';
import {followLaunch} from './follow-launch.js';
import type {Reached} from './instance.js';
import {supervisorStart} from './start-program.js';

/**
 * Who answers at the control socket. A program that has outlived its supervisor gets one first, so that whatever
 * follows takes its usual course and is recorded.
 */
export const reachProgram = async (context: InstanceContext): Promise<Reached> => {
	const reached = await context.instance.reachRunning();
	if (reached.contact === 'session' || reached.program === undefined) return reached;
	const launch = followLaunch(context, context.system.launch(supervisorStart(context)));
	for await (const {pid} of launch.statuses) if (pid !== null) break;
	const refusal = launch.refusal();
	if (refusal !== undefined && refusal.code !== 'ALREADY_SUPERVISED') throw refusal;
	return context.instance.reach();
};
