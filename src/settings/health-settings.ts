import type {HealthMatch} from '../schema/zeoctl.js';
import type {HealthSettings} from './settings.js';

/** The settings of a `<health>` section. */
export const healthSettings = ({values}: HealthMatch): HealthSettings => ({
	interval: values.interval,
	timeLimit: values['time-limit'],
	failures: values.failures,
	action: values.action,
	diskFloor: values['disk-floor'],
	inodeFloor: values['inode-floor'],
	commitLockAlarm: values['commit-lock-alarm'],
});
