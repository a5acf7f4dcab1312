import type {Status} from './messages.js';

type Delivery = {
	/** Whether the subscriber takes more at the moment. */
	isReady(): boolean;
	deliver(status: Status, isFirst: boolean): void;
};

/**
 * What one subscriber is told: every status, or after a time in which it took nothing only the latest. So a
 * subscriber that does not read costs one status, however much happens.
 */
export class Subscription {
	readonly #delivery: Delivery;
	readonly #stop: () => void;
	#held: Status | undefined;
	#isFirst = true;

	constructor(delivery: Delivery, subscribe: (listener: (status: Status) => void) => () => void) {
		this.#delivery = delivery;
		this.#stop = subscribe(status => this.#push(status));
	}

	/** Delivers what was held back, if the subscriber takes it now. */
	catchUp(): void {
		const held = this.#held;
		this.#held = undefined;
		if (held !== undefined) this.#push(held);
	}

	end(): void {
		this.#stop();
	}

	#push(status: Status): void {
		if (!this.#delivery.isReady()) {
			this.#held = status;
			return;
		}
		this.#delivery.deliver(status, this.#isFirst);
		this.#isFirst = false;
	}
}
