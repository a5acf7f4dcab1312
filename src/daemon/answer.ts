import type {
	Asker,
	Reply,
	Request,
	RequestHandler,
	Status,
	TranscriptState,
} from '../control/messages.js';
import {planRequest} from '../supervisor/requests.js';
import type {Supervisor} from '../supervisor/supervisor.js';
import type {GuardedSpawner} from './guarded-spawner.js';
import type {PlannedHandOver, ProgramRequest} from './plan-hand-over.js';
import {signalProgram} from './signal-program.js';

/** What each request does. During a hand-over whoever will have the program answers for it. */
export const answerRequests = ({
	supervisor,
	spawner,
	handOver,
	reopen,
	presentTranscript,
	obstacle,
}: {
	readonly supervisor: Supervisor;
	readonly spawner: Pick<GuardedSpawner, 'isCurrent'>;
	readonly handOver: Pick<PlannedHandOver, 'begin' | 'passOn'>;
	readonly reopen: () => Promise<Reply>;
	/** The transcript as it is now; undefined where what the status has of it is that. */
	readonly presentTranscript: () => Promise<TranscriptState | undefined>;
	/** Why the program could not be started now, as far as can be told before it is stopped. */
	readonly obstacle: () => string | undefined;
}): RequestHandler => {
	const act = async (request: ProgramRequest): Promise<Reply> => {
		if (request.request === 'kill')
			return signalProgram(spawner.isCurrent() ? supervisor.status().pid : null, request.signal);
		if (request.request === 'reopen-transcript') return reopen();
		if (request.request === 'restart' && !request.unchecked && supervisor.status().pid !== null) {
			const reason = obstacle();
			if (reason !== undefined)
				return {reply: 'refused', reason: `${reason}; it has not been stopped`};
		}
		const {reply, event} = planRequest(request.request, supervisor.state.phase);
		supervisor.dispatch(event);
		return reply;
	};
	const freshStatus = async (): Promise<Status> => {
		const transcript = await presentTranscript();
		return {...supervisor.status(), ...(transcript && {transcript})};
	};
	return {
		async handle(request: Request, asker: Asker) {
			switch (request.request) {
				case 'status':
					return {
						reply: 'status',
						status: request.fresh ? await freshStatus() : supervisor.status(),
					};
				case 'subscribe':
					return {reply: 'status', status: supervisor.status()};
				case 'reload':
					return handOver.begin();
				default:
					return (await handOver.passOn(request, asker)) ?? act(request);
			}
		},
		subscribe: listener => supervisor.watch(listener),
	};
};
