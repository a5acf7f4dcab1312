import {readdirSync, readFileSync} from 'node:fs';
import {readProcessStat} from '../platform/process-stat.js';
import {listPids} from './processes.js';

/** A program and its children, which end with it: the server may be run by a script. */
export const listGroup = (leader: number): readonly number[] =>
	hasChildren(leader)
		? [leader, ...listPids().filter(pid => pid !== leader && groupOf(pid) === leader)]
		: [leader];

const groupOf = (pid: number): number | undefined => readProcessStat(pid)?.group;

/** Any thread may have some. Where the kernel does not tell (proc(5)), all processes must be looked at. */
const hasChildren = (pid: number): boolean => {
	const folder = `/proc/${pid}/task`;
	try {
		return readdirSync(folder).some(
			thread => readFileSync(`${folder}/${thread}/children`, 'latin1') !== '',
		);
	} catch {
		return true;
	}
};
