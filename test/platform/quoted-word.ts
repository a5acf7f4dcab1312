import test from 'ava';
import {renderCronCommand} from '../../src/generate/cron.js';
import {renderUnitCommand} from '../../src/generate/unit-text.js';
import {holdsWord} from '../../src/platform/quoted-word.js';
import {renderShellCommand} from '../../src/platform/shell-word.js';
import {hostileNames} from '../helpers/service-facts.js';

const words = (name: string) => ['zeoctl', '-C', `/srv/${name}/x.conf`, 'pack'];

test('a path is found however a unit, a shell or cron quotes it', t => {
	for (const name of hostileNames(100)) {
		const path = `/srv/${name}/x.conf`;
		t.true(holdsWord(`ExecStart=${renderUnitCommand(words(name))}`, path), name);
		t.true(holdsWord(renderShellCommand(words(name)), path), name);
		t.true(holdsWord(renderCronCommand(renderShellCommand(words(name))), path), name);
	}
});

test('a part of a word is not the word', t => {
	const line = 'ExecStart=/bin/node zeoctl -C "/srv/a b/x.conf" pack';
	t.false(holdsWord(line, '/srv/a b/x.con'));
	t.false(holdsWord(line, 'b/x.confi'));
	t.false(holdsWord(line, '/x.conf'));
	t.false(holdsWord(line, 'node zeoct'));
	t.true(holdsWord(line, '/bin/node'));
	t.true(holdsWord('/x /x.conf /x', '/x.conf'));
});

test('a word of a shell may end with the command', t => {
	t.true(holdsWord('{ cd /srv/x&&zeoctl pack --scheduled; }', '--scheduled'));
	t.true(holdsWord('{ cd /srv/x&&zeoctl pack --scheduled; }', '/srv/x'));
});

test('a later place counts where an earlier one is a part of another word', t => {
	t.true(holdsWord('-C /srv/x.conf.old /srv/x.conf', '/srv/x.conf'));
});
