import type {Reply, Request} from '../control/messages.js';
import type {Event, Phase} from './state.js';

type LifecycleRequest = Extract<Request['request'], 'start' | 'stop' | 'restart'>;

/** What a request for the life of the program means in the present phase: the answer, and the event it becomes. */
export const planRequest = (
	request: LifecycleRequest,
	phase: Phase,
): {readonly reply: Reply; readonly event: Event} => ({
	reply: replies[request][isUp(phase) ? 'up' : 'down'],
	event: {event: request},
});

const isUp = (phase: Phase): boolean => 'pid' in phase || phase.name === 'spawning';

const replies = {
	start: {up: {reply: 'already-started'}, down: {reply: 'started'}},
	stop: {up: {reply: 'stopping'}, down: {reply: 'already-stopped'}},
	restart: {up: {reply: 'restarting'}, down: {reply: 'started'}},
} satisfies Record<LifecycleRequest, Record<'up' | 'down', Reply>>;
