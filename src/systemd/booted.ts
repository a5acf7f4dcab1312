import {existsSync} from 'node:fs';

/** Whether systemd manages this system, as sd_booted(3) tells. */
export const isBooted = (mark = '/run/systemd/system'): boolean => existsSync(mark);
