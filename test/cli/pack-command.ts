import test from 'ava';
import {perform} from '../../src/cli/pack-command.js';
import {registry} from '../../src/cli/registry.js';
import {notPacked} from '../../src/pack/run.js';
import {fakeSystem} from '../helpers/fake-system.js';

const contextOf = (json: boolean) => {
	const system = fakeSystem([]);
	const action = {name: 'pack', line: 'pack', argumentWords: [], programArguments: []};
	const commandLine = {asksFor: undefined, overrides: {}, json, flags: [], words: ['pack']};
	return {system, commandLine, action, json, commands: registry};
};

test('a run that is not due is a success without a word', async t => {
	const context = contextOf(false);
	t.is(await perform(context, async () => ({result: 'not-due'})), 0);
	t.deepEqual(context.system.written, {stdout: '', stderr: ''});
});

test('every storage is told as soon as it is done, and all of them at the end in JSON', async t => {
	const why = {outcome: 'skipped', reason: 'no room', advice: null} as const;
	const target = {storage: 'main', address: 'here'};
	const record = notPacked(target, {run: 'r', now: 1, ...why});
	for (const json of [false, true]) {
		const context = contextOf(json);
		const code = await perform(context, async ({onRecord}) => {
			onRecord(record);
			t.is(context.system.written.stdout, json ? '' : 'main: skipped: no room\n');
			return {result: 'done', run: 'r', records: [record], unwritten: []};
		});
		t.is(code, 6);
		if (json)
			t.deepEqual(JSON.parse(context.system.written.stdout), {
				action: 'pack',
				outcome: 'done',
				storages: [JSON.parse(JSON.stringify(record))],
			});
	}
});
