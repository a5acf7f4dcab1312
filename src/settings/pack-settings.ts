import type {PackMatch} from '../schema/zeoctl.js';
import type {PackSettings} from './settings.js';

/** The settings of all `<pack>` sections; what a `<pack NAME>` leaves out is as in the `<pack>` without a name. */
export const packSettings = (sections: readonly PackMatch[]): readonly PackSettings[] => {
	const general = sections.find(({name}) => name === undefined);
	return sections.map(({name, values, positions}) => {
		const effective = <Key extends keyof PackMatch['values']>(
			key: Key,
		): PackMatch['values'][Key] =>
			general === undefined || positions.has(key) ? values[key] : general.values[key];
		const timeZone = effective('time-zone');
		return {
			storage: name,
			schedule: effective('schedule'),
			...(timeZone !== undefined && {timeZone}),
			days: effective('days'),
			jitter: effective('jitter'),
			margin: effective('margin'),
			alarmAfter: effective('alarm-after'),
		};
	});
};
