import test from 'ava';
import {planServiceFiles} from '../../src/generate/plan.js';
import {isIntact, judgeInstalled, sealContent} from '../../src/generate/seal.js';
import {serviceFacts, templates} from '../helpers/service-facts.js';

const plan = (...changes: Parameters<typeof serviceFacts>) =>
	planServiceFiles(serviceFacts(...changes), templates);

test('each file that is made is known as unchanged, until somebody changes it', t => {
	for (const {content, path} of plan()) {
		t.true(isIntact(content), path);
		t.false(isIntact(`${content}# mine\n`), path);
		t.false(isIntact(content.replace(/^# Made by .*\n/m, '')), path);
	}
});

test('the same is made with the same seal, something else with another one', t => {
	const text = '# Made by zeoctl generate; and more\na\n';
	t.is(sealContent(text), sealContent(text));
	t.not(sealContent(text).split('\n')[0], sealContent(text.replace('a', 'b')).split('\n')[0]);
});

test('what nobody has changed is replaced, a change by hand only by somebody who was asked', t => {
	const [before, after] = ['a', 'b'].map(name =>
		sealContent(`# Made by zeoctl generate; x\n${name}\n`),
	);
	t.is(judgeInstalled(before ?? '', after ?? ''), 'replace');
	t.is(judgeInstalled(`${before}mine\n`, before ?? ''), 'none');
	t.is(judgeInstalled(`${before}mine\n`, after ?? ''), 'conflict');
	t.is(judgeInstalled('# Made by zeoctl generate; x\nolder\n', after ?? ''), 'conflict');
});
