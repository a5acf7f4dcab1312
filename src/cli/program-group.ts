import {listPids} from '../guard/processes.js';
import {readProcessStat} from '../platform/process-stat.js';

/** A program and its children, which end with it: the server may be run by a script. */
export const listGroup = (leader: number): readonly number[] => [
	leader,
	...listPids().filter(pid => pid !== leader && readProcessStat(pid)?.group === leader),
];
