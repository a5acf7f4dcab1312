import {realpathSync} from 'node:fs';
import path from 'node:path';
import type {System} from './system.js';

/** A folder of the installed package, beside its `dist`, by the script that runs. */
export const packageFolder = ({programName}: System, name: string): string =>
	path.join(path.dirname(realpathSync(programName)), '..', name);
