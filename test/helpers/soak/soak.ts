import type {ExecutionContext} from 'ava';
import type {HistoryRecord} from '../../../src/history/history.js';
import {type Beating, beat, type Course, mistakesIn} from './beat.js';
import {type Comparison, soakInstance} from './instance.js';
import {sampleWriters} from './witness.js';

/** What came of a soak. */
export type SoakResult = Comparison &
	Pick<Beating, 'kills' | 'commands' | 'excuses'> & {
		readonly seed: number;
		readonly starts: number;
		readonly adoptions: number;
		readonly refusals: readonly string[];
		/** Servers that were replaced because they did not answer. */
		readonly replaced: number;
		readonly samples: number;
		/** What one of the two witnesses saw, and what no command may answer. */
		readonly violations: readonly string[];
		readonly seconds: number;
	};

/** Beats a supervised server by a random course while clients commit to it, then opens its database and compares. */
export const soak = async (
	t: ExecutionContext,
	{python, ...course}: Course & {readonly python: string},
): Promise<SoakResult> => {
	const began = performance.now();
	const instance = await soakInstance(t, python);
	const sampler = sampleWriters(instance);
	const {mistakes, ...counts} = await beat(instance, course);
	const stopped = await instance.run('stop');
	const {samples} = await sampler.stop();
	const history = instance.history();
	const count = (is: (record: HistoryRecord) => boolean): number => history.filter(is).length;
	return {
		seed: course.seed,
		...counts,
		...(await instance.compare()),
		starts: count(({event}) => event === 'start'),
		adoptions: count(({event}) => event === 'adoption'),
		refusals: history.flatMap(record => (record.event === 'refusal' ? [record.reason] : [])),
		replaced: count(record => record.event === 'decision' && record.by === 'health'),
		samples,
		violations: [
			...instance.violations(),
			...sampler.violations(),
			...mistakes,
			...mistakesIn('the last stop', stopped, [0]),
		],
		seconds: Math.round((performance.now() - began) / 1000),
	};
};
