import type {PackMeasure, PackRecord} from '../history/pack-record.js';
import {errorMessage} from '../platform/errors.js';
import {ZeoCallError} from '../zeo/call-error.js';
import type {ZeoClient} from '../zeo/client.js';
import type {PackFate} from './fate.js';
import {findFate, findInLog, measureAnyhow} from './find-fate.js';
import type {JobPorts} from './job-ports.js';
import {measure} from './measure.js';
import {judgeAfter} from './policy.js';
import {type Preparation, prepare} from './prepare.js';
import type {PackProgress, PackTarget} from './target.js';
import {watchPack} from './watch.js';

export type JobOptions = {
	readonly run: string;
	/** Its reason is the name of the signal that interrupts. The server then goes on without us. */
	readonly signal: AbortSignal;
	readonly onProgress: (progress: PackProgress) => void;
};

/** What is known when a pack is over, besides the storage. */
type Ending = Pick<PackRecord, 'outcome' | 'reason' | 'advice' | 'before' | 'after'> & {
	readonly packTime: number | null;
	readonly warnings?: readonly string[];
};

/** Packs one storage: looks whether it can be, packs, measures what has changed. Every end is a record. */
export const packStorage = async (
	target: PackTarget,
	options: JobOptions,
	ports: JobPorts,
): Promise<PackRecord> => {
	const began = ports.now();
	const ending = await attempt(target, options, ports);
	const at = ports.now();
	const {storage, address} = target;
	return {
		at,
		event: 'pack',
		run: options.run,
		storage,
		address,
		began,
		seconds: Math.max(0, at - began),
		...ending,
		warnings: ending.warnings ?? [],
	};
};

const attempt = async (
	target: PackTarget,
	options: JobOptions,
	ports: JobPorts,
): Promise<Ending> => {
	const {signal, run} = options;
	try {
		const prepared = await prepare(target, {run, signal}, ports);
		const {before} = prepared;
		if (prepared.hindrance !== undefined)
			return {...prepared.hindrance, before, after: null, packTime: null};
		try {
			return await pack({target, options, ports, prepared, client: prepared.client});
		} finally {
			prepared.client.close();
		}
	} catch (error) {
		if (!signal.aborted) throw error;
		const reason = `interrupted by ${String(signal.reason)} before the server was asked to pack`;
		const nothing = {before: null, after: null, packTime: null};
		return {outcome: 'skipped', reason, advice: null, ...nothing};
	}
};

type Job = {
	readonly target: PackTarget;
	readonly options: JobOptions;
	readonly ports: JobPorts;
	readonly prepared: Preparation;
	readonly client: ZeoClient;
};

const pack = async (job: Job): Promise<Ending> => {
	const {target, ports, prepared} = job;
	const inodeBefore = inodeOf(job);
	const {error, warnings} = await runPack(job);
	const known = {before: prepared.before, packTime: prepared.packTime, warnings};
	if (error === undefined) return complete(job, inodeBefore, known);
	if (job.options.signal.aborted) return {...known, ...interrupted(job), after: null};
	if (!(error instanceof ZeoCallError)) throw error;
	if (error.trouble.result === 'raised') {
		const isBusy = error.trouble.kind === 'already-packing' || error.trouble.kind === 'read-only';
		const {kind} = error.trouble;
		const advice = kind === 'disk-full' ? 'make room on the disk of the data file' : null;
		const after = isBusy ? null : await measure(target, job.client, ports).catch(() => null);
		const outcome = isBusy ? 'skipped' : 'failed';
		return {...known, outcome, reason: error.message, advice, after};
	}
	return lose(job, inodeBefore, {error, known});
};

const inodeOf = ({target: {files}, ports: {kind}}: Job): string | undefined =>
	files && kind.glance(files.dataPath).data?.inode;

/** Asks for the pack and looks after it until it is over, one way or another. */
const runPack = async ({target, options, ports, prepared, client}: Job) => {
	const over = new AbortController();
	const givenUp = new AbortController();
	const interrupt = (): void => givenUp.abort(options.signal.reason);
	options.signal.addEventListener('abort', interrupt, {once: true});
	const watch = watchPack(
		{
			target,
			signal: over.signal,
			freeBefore: prepared.before?.freeDisk ?? null,
			onProgress: options.onProgress,
			isStopped: () =>
				findInLog({run: options.run, storage: target.storage, packTime: prepared.packTime}, ports)
					.end === 'stopped',
			onMute: error => givenUp.abort(error),
		},
		ports,
	);
	const error: unknown = await client.pack(prepared.packTime, givenUp.signal).then(
		() => undefined,
		(reason: unknown) => reason,
	);
	options.signal.removeEventListener('abort', interrupt);
	over.abort();
	return {error, ...(await watch)};
};

type Known = Pick<Ending, 'before' | 'packTime'> & {readonly warnings: readonly string[]};

const complete = async (
	job: Job,
	inodeBefore: string | undefined,
	known: Known,
): Promise<Ending> => {
	const {target, ports, client} = job;
	const ledger = await ports.recordDatabase(target.storage);
	const {after, trouble} = await measureAfter(job, client);
	const inode = inodeOf(job);
	const replaced = inodeBefore === undefined ? undefined : inode !== inodeBefore;
	const outcome = known.before && after ? judgeAfter(known.before, after, replaced) : 'packed';
	const warnings = [...known.warnings, ...ledger, ...trouble];
	return {...known, outcome, reason: null, advice: null, after, warnings};
};

/** A server that packed, and then does not answer, is worth a warning. */
const measureAfter = async (
	{target, ports, options: {signal}}: Job,
	client: ZeoClient,
): Promise<{readonly after: PackMeasure; readonly trouble: readonly string[]}> => {
	try {
		const after = await measure(target, client, ports);
		const answer = await ports.ask(target, signal);
		const trouble = answer.answers ? [] : [`after the pack: ${answer.reason}`];
		return {after, trouble};
	} catch (error) {
		if (!(error instanceof ZeoCallError || signal.aborted)) throw error;
		const after = await measure(target, undefined, ports);
		const trouble = signal.aborted ? [] : [`after the pack: ${errorMessage(error)}`];
		return {after, trouble};
	}
};

const interrupted = ({options, ports}: Job) =>
	({
		outcome: 'unknown',
		reason: `interrupted by ${String(options.signal.reason)}: the server goes on with the pack, nobody waits for its end`,
		advice: ports.command('pack', 'history'),
	}) as const;

type Lost = {readonly error: ZeoCallError; readonly known: Known};

/** The server went away in the middle: finds out what it has done. */
const lose = async (
	job: Job,
	inodeBefore: string | undefined,
	{error, known}: Lost,
): Promise<Ending> => {
	const {target, options, ports, prepared} = job;
	job.client.close();
	const lost = {
		target,
		run: options.run,
		packTime: prepared.packTime,
		inodeBefore,
		serverStartBefore: prepared.serverStart,
		before: known.before ?? undefined,
	};
	try {
		const fate = await findFate(lost, options.signal, ports);
		const after = await measureAnyhow(target, options.signal, ports);
		const isOurs = fate.fate === 'packed' || fate.fate === 'nothing-to-drop';
		const ledger = isOurs ? await ports.recordDatabase(target.storage) : [];
		const warnings = [...known.warnings, ...ledger];
		return {...known, after, warnings, ...describeFate(fate, error.message, ports)};
	} catch (reason) {
		if (!options.signal.aborted) throw reason;
		return {...known, after: null, ...interrupted(job)};
	}
};

/** What became of a pack of which the end was not told, for its record. `event` says why it was not. */
export const describeFate = (
	fate: PackFate,
	event: string,
	{command}: Pick<JobPorts, 'command'>,
): Pick<PackRecord, 'outcome' | 'reason' | 'advice'> => {
	switch (fate.fate) {
		case 'packed':
		case 'nothing-to-drop':
			return {outcome: fate.fate, reason: `${event}, but ${fate.how}`, advice: null};
		case 'failed':
			return {outcome: 'failed', reason: fate.why, advice: fate.advice};
		case 'going-on':
		case 'unclear':
			return {outcome: 'unknown', reason: `${event}; ${fate.why}`, advice: command('status')};
	}
};
