import type {OnReadOpts} from 'node:net';

// Node has had it since version 12; its types for version 20 lack it.
declare module 'node:net' {
	interface SocketConstructorOpts {
		onread?: OnReadOpts | undefined;
	}
}
