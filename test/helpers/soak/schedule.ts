import type {SeededRandom} from '../seeded-random.js';

/** What is done to the processes of an instance. */
export type Blow = {
	readonly blow:
		| 'kill supervisor'
		| 'kill server'
		| 'kill both'
		| 'stop server'
		| 'stop supervisor';
	/** Since the blow before. */
	readonly pauseMs: number;
	/** When SIGCONT follows a SIGSTOP; undefined: never, whoever watches the server must notice. */
	readonly resumeMs: number | undefined;
};

/** Commands of several clients at once, and blows meanwhile. */
export type Round = {
	readonly commands: readonly {readonly verb: string; readonly delayMs: number}[];
	readonly blows: readonly [Blow, ...Blow[]];
};

const mostClients = 8;

/** The course of a soak, without end: the same for the same seed. `verbs` are drawn evenly, but half are starts. */
export function* planRounds(
	{below, pick, fraction}: SeededRandom,
	verbs: readonly [string, ...string[]],
): Generator<Round, never> {
	const blow = (): Blow => {
		const kind = pick<Blow['blow']>([
			'kill supervisor',
			'kill supervisor',
			'kill server',
			'kill server',
			'kill both',
			'kill both',
			'stop server',
			'stop supervisor',
		]);
		const isNoticed = kind === 'stop server' && fraction() < 0.3;
		return {
			blow: kind,
			pauseMs: below(250),
			resumeMs: isNoticed ? undefined : below(400),
		};
	};
	const command = () => ({
		verb: fraction() < 0.5 ? 'start' : pick(verbs),
		delayMs: below(300),
	});
	for (;;) {
		const clients = fraction() < 0.5 ? mostClients : below(mostClients);
		yield {
			commands: Array.from({length: clients}, command),
			blows: [blow(), ...Array.from({length: below(6)}, blow)],
		};
	}
}
