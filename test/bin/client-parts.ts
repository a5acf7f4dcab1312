import test from 'ava';
import {chooseClientPart, dialogueCommands, followingCommands} from '../../src/bin/client-parts.js';

test('each everyday command has its own kept code, all others share theirs', t => {
	const keptFor = (word: string) => chooseClientPart(['-C', 'z.conf', word]).keptFor;
	for (const word of [...dialogueCommands, ...followingCommands, 'status']) {
		t.is(keptFor(word), word);
	}
	for (const word of ['check', 'help', 'pack', 'no-command']) t.is(keptFor(word), 'others');
});

test('a command that talks to a supervisor comes with what that takes, one that follows a file, too', t => {
	const partOf = (...words: string[]) => chooseClientPart(words).part;
	t.is(partOf('status'), 'client');
	t.is(partOf('-C', 'z.conf', 'stop'), 'dialogue');
	t.is(partOf('logtail', 'z.log'), 'follower');
	t.is(partOf(), 'client');
});

test('a file that is called like a command does not take the command its part away', t => {
	t.deepEqual(chooseClientPart(['-C', 'status', 'stop']), {part: 'dialogue', keptFor: 'stop'});
	t.deepEqual(chooseClientPart(['logtail', 'stop']), {part: 'follower', keptFor: 'logtail'});
});
