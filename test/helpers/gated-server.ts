import {readFileSync, statSync, writeFileSync} from 'node:fs';
import type {ExecutionContext} from 'ava';
import {type MadeStorage, type PackedServer, packedServer, patienceMs} from './packed-server.js';
import {waitFor} from './wait-for.js';
import type {Running} from './zeoctl.js';

export type GatedServer = PackedServer & {
	readonly made: MadeStorage;
	readonly server: Running;
	readonly data: string;
	letGo(): void;
	/** Starts a pack, and waits until the server is at it. */
	beginPack(...words: readonly string[]): Promise<Running>;
	untilPacked(): Promise<unknown>;
};

/** A server whose packs wait until the test lets them go; undefined where there is no Python that has ZEO. */
export const gatedServer = async (
	t: ExecutionContext,
	{sections = ''}: {readonly sections?: string} = {},
): Promise<GatedServer | undefined> => {
	const instance = await packedServer(t, {
		storages: {main: 'packer gated_packer:pack'},
		sections: `<health>\ntime-limit 1s\n</health>\n${sections}`,
	});
	if (!instance) return undefined;
	const made = await instance.make('main', '--megabytes', '1', '--garbage-fraction', '0.6');
	const server = await instance.serve();
	const data = instance.at('main/Data.fs');
	const letGo = (): void => writeFileSync(`${data}.go`, '');
	t.teardown(letGo);
	return {
		...{...instance, made, server, data, letGo},
		async beginPack(...words) {
			const job = instance.start('pack', '-d0', ...words);
			const hasBegun = (): boolean =>
				/pack\(time=.*started/.test(readFileSync(instance.at('log'), 'utf8'));
			await waitFor('a pack that has begun', hasBegun, patienceMs);
			return job;
		},
		untilPacked: () => waitFor('a packed file', () => statSync(data).size < made.bytes, patienceMs),
	};
};
