import type {RequestHandler} from '../control/messages.js';

/** The socket is there a moment before the supervisor: who asks then waits for it. */
export const createEarlyRequests = (): {
	readonly handler: RequestHandler;
	/** From now on this one answers, also those who wait. */
	answerWith(handler: RequestHandler): void;
} => {
	let answerWith: (handler: RequestHandler) => void = () => undefined;
	const ready = new Promise<RequestHandler>(resolve => {
		answerWith = resolve;
	});
	return {
		handler: {
			handle: async (request, asker) => (await ready).handle(request, asker),
			subscribe(listener) {
				let isWanted = true;
				let unsubscribe = (): void => undefined;
				void ready.then(handler => {
					if (isWanted) unsubscribe = handler.subscribe(listener);
				});
				return () => {
					isWanted = false;
					unsubscribe();
				};
			},
		},
		answerWith: handler => answerWith(handler),
	};
};
