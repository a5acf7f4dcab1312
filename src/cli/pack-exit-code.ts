import type {PackRecord} from '../history/pack-record.js';
import {type ExitCodeName, exitCode} from './exit-codes.js';

/** The exit status of a run: its worst storage counts. */
export const packExitCode = (records: readonly Pick<PackRecord, 'outcome'>[]): number => {
	const has = (outcome: PackRecord['outcome']): boolean =>
		records.some(record => record.outcome === outcome);
	const name: ExitCodeName = has('failed')
		? 'failed'
		: has('unknown')
			? 'packUnknown'
			: has('skipped')
				? 'packSkipped'
				: 'ok';
	return exitCode(name);
};
