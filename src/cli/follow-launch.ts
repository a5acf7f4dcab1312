import type {Status} from '../control/messages.js';
import {type ErrorCode, errorCatalogue, ZeoctlError} from '../platform/errors.js';
import type {LaunchReport} from '../supervisor/report.js';
import type {Context} from './command.js';

/** A supervisor on its way up, as its launcher sees it. */
export type Launch = {
	readonly statuses: AsyncIterable<Status>;
	/** Why the supervisor will not start, once the statuses have ended; undefined if it did not say so. */
	refusal(): ZeoctlError | undefined;
};

/** Takes the statuses out of a new supervisor's reports. Its notes are printed on stderr as they come. */
export const followLaunch = ({system}: Context, reports: AsyncIterable<LaunchReport>): Launch => {
	let refusal: ZeoctlError | undefined;
	async function* statuses(): AsyncGenerator<Status> {
		for await (const report of reports) {
			if (report.report === 'status') yield report.status;
			else if (report.report === 'note') system.stderr.write(`${report.text}\n`);
			else if (report.report === 'refused') refusal = toError(report);
		}
	}
	return {statuses: statuses(), refusal: () => refusal};
};

const toError = ({
	code,
	message,
	hint,
	asUser,
	place,
}: Extract<LaunchReport, {report: 'refused'}>): ZeoctlError =>
	new ZeoctlError(isErrorCode(code) ? code : 'INTERNAL', message, {
		...(hint !== undefined && {hint}),
		...(asUser !== undefined && {asUser}),
		...(place !== undefined && {place}),
	});

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorCatalogue, code);
