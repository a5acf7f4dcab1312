import type {InstanceContext} from './command.js';
import {followLaunch} from './follow-launch.js';
import type {Reached} from './instance.js';
import {lookForProgram} from './look-for-program.js';
import {supervisorStart} from './start-program.js';

/**
 * Who answers at the control socket. A program that has outlived its supervisor gets one first, so that whatever
 * follows takes its usual course and is recorded.
 */
export const reachProgram = async (context: InstanceContext): Promise<Reached> => {
	const found = await lookForProgram(context, await context.instance.reachRunning());
	return found.contact === 'session' || found.program === undefined
		? found
		: superviseAgain(context);
};

/** As `reachProgram`, for those to whom a program is enough that is recorded and has no supervisor. */
export const reachRecorded = async (context: InstanceContext): Promise<Reached> => {
	const reached = await context.instance.reach();
	if (reached.contact === 'session' || reached.program !== undefined) return reached;
	const found = await lookForProgram(context, reached);
	return found.program === undefined ? found : superviseAgain(context);
};

const superviseAgain = async (context: InstanceContext): Promise<Reached> => {
	const launch = followLaunch(context, context.system.launch(supervisorStart(context)));
	for await (const {pid} of launch.statuses) if (pid !== null) break;
	const refusal = launch.refusal();
	if (refusal !== undefined && refusal.code !== 'ALREADY_SUPERVISED') throw refusal;
	return context.instance.reach();
};
