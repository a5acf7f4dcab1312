import test from 'ava';
import {chooseVoice} from '../../src/daemon/voice.js';

test('nobody who listens any more is no error for who speaks', t => {
	const broken = (): never => {
		throw Object.assign(new Error('EPIPE: broken pipe, write'), {code: 'EPIPE'});
	};
	const voice = chooseVoice({environment: {}, writeOutput: broken, writeError: broken});
	t.notThrows(() => voice.say('text\n'));
	t.notThrows(() => voice.say('text\n', 40));
});

test('who counts what is lost hears of it', t => {
	const full = (): never => {
		throw Object.assign(new Error('ENOSPC: no space left on device, write'), {code: 'ENOSPC'});
	};
	const voice = chooseVoice({environment: {}, writeOutput: full, writeError: full});
	t.throws(() => voice.writeOutput('text\n'), {code: 'ENOSPC'});
	t.throws(() => voice.writeError('text\n'), {code: 'ENOSPC'});
});

test('what is said arrives with its level', t => {
	const said: unknown[] = [];
	const write = (text: string, level?: number) => void said.push([text, level]);
	const voice = chooseVoice({environment: {}, writeOutput: write, writeError: write});
	voice.writeOutput('one\n', 20);
	voice.writeError('two\n');
	t.deepEqual(said, [
		['one\n', 20],
		['two\n', undefined],
	]);
});
