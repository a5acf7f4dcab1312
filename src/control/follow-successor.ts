import {isZeoctlError} from '../platform/errors.js';
import type {Contact, Session} from './session.js';

/**
 * A session that outlives its supervisor where that has given the program to a successor: what is asked then is asked
 * of the successor, and the statuses go on with its own.
 */
export const followSuccessor = (first: Session, reconnect: () => Promise<Contact>): Session => {
	let session = first;
	let isClosed = false;
	const move = async (): Promise<boolean> => {
		const contact = isClosed ? undefined : await reconnect();
		if (contact?.contact !== 'session') return false;
		session.close();
		session = contact.session;
		if (isClosed) session.close();
		return !isClosed;
	};
	return {
		protocol: first.protocol,
		status: () => session.status(),
		async ask(request) {
			try {
				return await session.ask(request);
			} catch (error) {
				// A supervisor that leaves answers all that it has taken in, so this was not done.
				const hasLeft = isZeoctlError(error) && error.code === 'NOT_RUNNING';
				if (!hasLeft || !(await move())) throw error;
				return session.ask(request);
			}
		},
		async *statuses() {
			for (;;) {
				let isHandedOver = true;
				for await (const status of session.statuses()) {
					isHandedOver = status.handover?.state === 'done';
					yield status;
				}
				if (!isHandedOver || !(await move())) return;
			}
		},
		close() {
			isClosed = true;
			session.close();
		},
	};
};
