import {ZeoctlError} from '../platform/errors.js';
import type {ToolResult} from './run-tool.js';

/** The refusal of what only systemd does, to somebody who may not ask it. */
export const needsRights = (verb: 'start' | 'stop', unit: string): ZeoctlError =>
	new ZeoctlError(
		'PERMISSION',
		`cannot ${verb} the program: it is ${unit} of systemd, and you may not ${verb} that`,
		{hint: `sudo systemctl ${verb} ${unit}`},
	);

/** Whether systemctl was turned away: it says so in words, its exit status is often 1 only. */
export const isDenied = ({exitCode, stderr}: ToolResult): boolean =>
	exitCode !== 0 &&
	/access denied|authentication (?:is )?required|not permitted|permission denied/i.test(stderr);
