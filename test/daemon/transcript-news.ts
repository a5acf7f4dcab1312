import fs from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {createNews} from '../../src/daemon/transcript-news.js';
import {readHistory} from '../../src/history/history.js';
import {directTranscript as initial} from '../helpers/statuses.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const open = (t: ExecutionContext) => {
	const stateDirectory = path.join(temporaryFolder(t), 'state');
	fs.mkdirSync(stateDirectory);
	const published: (string | null)[] = [];
	const logged: string[] = [];
	const news = createNews({
		initial,
		publish: ({problem}) => published.push(problem),
		stateDirectory,
		log: {warning: text => logged.push(text)},
	});
	const history = () =>
		readHistory(stateDirectory).flatMap(record =>
			record.event === 'transcript' ? [record.text] : [],
		);
	return {news, published, logged, history, stateDirectory};
};

test('news are in the status, in the history and in the event log, the same not twice', t => {
	const {news, published, logged, history} = open(t);
	news.tell('3 lines lost');
	news.tell('4 lines lost');
	news.change({problem: 'full'});
	t.deepEqual(published, [null, 'full']);
	t.deepEqual(history(), ['3 lines lost']);
	t.deepEqual(logged, ['transcript: 3 lines lost']);
	t.is(news.state().problem, 'full');
});

test('while a disk hangs with all of ours, nothing is written, and everything afterwards', t => {
	const {news, published, logged, history} = open(t);
	news.hold({status: true, history: true});
	news.tell('it hangs');
	news.change({problem: 'hangs'});
	t.deepEqual([published, history(), logged], [[null], [], []]);
	t.is(news.state().problem, 'hangs');
	news.release();
	news.release();
	t.deepEqual(
		[published, history(), logged],
		[[null, 'hangs'], ['it hangs'], ['transcript: it hangs']],
	);
});

test('what is on another disk than the one that hangs is written at once, but for the event log', t => {
	const {news, published, logged, history} = open(t);
	news.hold({status: false, history: false});
	news.tell('it hangs');
	news.change({problem: 'hangs'});
	t.deepEqual([published, history(), logged], [[null, 'hangs'], ['it hangs'], []]);
});

test('what finds no room in the history is there when there is some', t => {
	const {news, history, logged, stateDirectory} = open(t);
	fs.rmdirSync(stateDirectory);
	news.tell('no room');
	t.deepEqual(logged, ['transcript: no room']);
	fs.mkdirSync(stateDirectory);
	news.change({problem: null});
	news.change({problem: null});
	t.deepEqual(history(), ['no room']);
});
