import type {PackRecord} from '../history/pack-record.js';
import type {BrokenRun} from './broken.js';
import {seeFate} from './find-fate.js';
import {describeFate} from './job.js';
import type {JobPorts} from './job-ports.js';
import {measure} from './measure.js';
import {notPacked} from './run.js';
import type {PackTarget} from './target.js';

const event = 'the job ended without a word while it packed, as by SIGKILL';

/** What became of the storages of a run that was broken off, found out afterwards. */
export const settleBrokenRun = async (
	{begin, storages}: BrokenRun,
	{targets, signal}: {readonly targets: readonly PackTarget[]; readonly signal: AbortSignal},
	ports: JobPorts,
): Promise<readonly PackRecord[]> => {
	const [first, ...others] = storages;
	if (first === undefined) return [];
	const shared = {run: begin.run, now: ports.now()};
	const late = others.map(storage =>
		notPacked(targetOf(storage, targets), {
			...shared,
			outcome: 'skipped',
			reason: 'the job ended without a word before its turn, as by SIGKILL',
			advice: null,
		}),
	);
	return [await settleFirst({begin, storages: [first]}, {targets, signal}, ports), ...late];
};

const settleFirst = async (
	{begin, storages: [storage = '']}: BrokenRun,
	{targets, signal}: {readonly targets: readonly PackTarget[]; readonly signal: AbortSignal},
	ports: JobPorts,
): Promise<PackRecord> => {
	const {run, at, inodes} = begin;
	const target = targets.find(each => each.storage === storage);
	const shared = {run, now: ports.now(), outcome: 'unknown', reason: event, advice: null} as const;
	if (target === undefined) return notPacked(targetOf(storage, targets), shared);
	const lost = {
		target,
		run,
		packTime: null,
		inodeBefore: inodes?.[storage],
		serverStartBefore: null,
		before: undefined,
	};
	const fate = await seeFate(lost, signal, ports);
	const isDone = fate.fate === 'packed' || fate.fate === 'nothing-to-drop';
	const warnings = isDone ? await ports.recordDatabase(storage) : [];
	const after = await measure(target, undefined, ports);
	return {
		...notPacked(target, {...shared, ...describeFate(fate, event, ports)}),
		began: at,
		after,
		warnings,
	};
};

/** A storage may have left the conf meanwhile. */
const targetOf = (
	storage: string,
	targets: readonly PackTarget[],
): Pick<PackTarget, 'storage' | 'address'> =>
	targets.find(each => each.storage === storage) ?? {storage, address: ''};
