import {setTimeout as sleep} from 'node:timers/promises';
import {seededRandom} from '../seeded-random.js';
import {waitFor} from '../wait-for.js';
import type {Result} from '../zeoctl.js';
import type {SoakInstance} from './instance.js';
import {type Blow, planRounds} from './schedule.js';

/** How an instance is beaten. */
export type Course = {
	readonly seed: number;
	/** Blows that have hit a process. */
	readonly kills: number;
	/** Commits of which the clients were told. */
	readonly commits: number;
	readonly verbs: readonly [string, ...string[]];
	/** Hears how far it is. */
	readonly note: (text: string) => void;
};

export type Beating = {
	readonly kills: Readonly<Record<string, number>>;
	/** Commands by their verb and exit status. */
	readonly commands: Readonly<Record<string, number>>;
	/** What those said that failed, numbers and paths left out. */
	readonly excuses: Readonly<Record<string, number>>;
	/** What a command must not do, whatever happens to it. */
	readonly mistakes: readonly string[];
};

/** Round after round, until there were enough blows and commits; after each of them the server serves again. */
export const beat = async (
	instance: SoakInstance,
	{seed, kills: enough, commits, verbs, note}: Course,
): Promise<Beating> => {
	const kills = new Map<string, number>();
	const commands = new Map<string, number>();
	const excuses = new Map<string, number>();
	const mistakes: string[] = [];
	const run = async (verb: string): Promise<void> => {
		const result = await instance.run(verb);
		count(commands, `${verb} ${result.exitCode}`);
		if (result.exitCode !== 0) count(excuses, `${verb}: ${excuseOf(result)}`);
		mistakes.push(...mistakesIn(verb, result, [0, 1, 4]));
	};
	const serve = async (quota: number): Promise<void> => {
		const result = await instance.run('start');
		mistakes.push(...mistakesIn('the start after it', result, [0]));
		const before = instance.acknowledged();
		await waitFor('commits', () => instance.acknowledged() >= before + quota, 120_000);
		instance.history();
	};

	const total = (): number => [...kills.values()].reduce((sum, one) => sum + one, 0);
	await serve(1);
	for (const round of planRounds(seededRandom(seed), verbs)) {
		const running = round.commands.map(async ({verb, delayMs}) => {
			await sleep(delayMs);
			await run(verb);
		});
		const resumed: Promise<void>[] = [];
		for (const each of round.blows) {
			await sleep(each.pauseMs);
			if (total() === enough) break;
			const pids = strike(instance, each);
			if (pids.length === 0) continue;
			count(kills, each.blow);
			resumed.push(resumeLater(pids, each.resumeMs));
		}
		await Promise.all([...running, ...resumed]);
		const quota = Math.ceil((commits / enough) * round.blows.length);
		await serve(quota);
		note(`${total()} kills, ${instance.acknowledged()} commits`);
		if (total() === enough && instance.acknowledged() >= commits) break;
	}
	return {
		kills: Object.fromEntries(kills),
		commands: Object.fromEntries(commands),
		excuses: Object.fromEntries(excuses),
		mistakes,
	};
};

const excuseOf = ({stdout, stderr}: Result): string =>
	`${stderr}${stdout}`
		.replaceAll(/\/\S*\//g, '')
		.replaceAll(/\d+/g, '0')
		.replaceAll(/\s+|(?:\. )+/g, ' ')
		.trim()
		.slice(0, 200);

/** Whatever became of it, a command says so in words and by one of these exit statuses. */
export const mistakesIn = (
	what: string,
	{exitCode, signal, stdout, stderr}: Result,
	allowed: readonly number[],
): readonly string[] => {
	const isTrace = /\n\s+at .*:\d+:\d+\)?$/m.test(stderr);
	if (exitCode !== null && allowed.includes(exitCode) && !isTrace) return [];
	return [`${what} exits with ${exitCode ?? signal}: ${stdout}${stderr}`];
};

/** The processes that were hit. */
const strike = (instance: SoakInstance, {blow}: Blow): readonly number[] => {
	const signal = blow.startsWith('kill') ? 'SIGKILL' : 'SIGSTOP';
	const pids = [
		...(blow.endsWith('server') ? [] : instance.supervisors()),
		...(blow.endsWith('supervisor') ? [] : instance.servers()),
	];
	return pids.filter(pid => send(pid, signal));
};

const resumeLater = async (
	pids: readonly number[],
	resumeMs: number | undefined,
): Promise<void> => {
	if (resumeMs === undefined) return;
	await sleep(resumeMs);
	for (const pid of pids) send(pid, 'SIGCONT');
};

const send = (pid: number, signal: NodeJS.Signals): boolean => {
	try {
		process.kill(pid, signal);
		return true;
	} catch {
		return false;
	}
};

const count = (counts: Map<string, number>, name: string): void =>
	void counts.set(name, (counts.get(name) ?? 0) + 1);
