import {isZeoctlError} from '../platform/errors.js';
import type {InstanceContext} from './command.js';
import {exitCode} from './exit-codes.js';
import {answer, say} from './output.js';
import {instanceHistory, openInstancePacks} from './pack-instance.js';
import {settleBrokenRuns} from './pack-run-ports.js';
import {packTrends, renderTrends} from './pack-trends.js';
import {readRecords} from './read-records.js';
import {historyDirectory} from './record-decision.js';

/** Shows the packs of an instance so far; resolves to the exit status. */
export const showHistory = async (context: InstanceContext): Promise<number> => {
	await settle(context);
	const names = context.action.argumentWords.slice(1);
	const trends = packTrends(instanceHistory(context).history(), names);
	if (trends.length === 0) readRecords(historyDirectory(context), 1);
	say(context, trends.length === 0 ? 'nothing was packed so far\n' : renderTrends(trends));
	answer(context, {action: 'pack', outcome: 'history', storages: trends});
	return exitCode('ok');
};

/** Finds out what became of runs that were broken off. Whoever may only read sees the history as it is. */
const settle = async (context: InstanceContext): Promise<void> => {
	try {
		const opened = openInstancePacks(context, {storages: []});
		const {signal} = new AbortController();
		await settleBrokenRuns(opened.world, {...opened, signal});
	} catch (error) {
		if (!isZeoctlError(error)) throw error;
	}
};
