import type {Seen} from './instance.js';

/** What `status` says in one line: zdaemon's words, which scripts compare. */
export const statusLine = (reached: Seen): string => {
	if (reached.contact !== 'session') return 'daemon manager not running';
	const {pid} = reached.status;
	return pid === null
		? 'daemon manager running; daemon process not running'
		: `program running; pid=${pid}`;
};
