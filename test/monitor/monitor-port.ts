import {connect} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {openMonitorPort} from '../../src/monitor/monitor-port.js';
import {waitFor} from '../helpers/wait-for.js';

type Heard = {readonly text: string; readonly error: string | undefined};

const listen = (port: number, word = ''): Promise<Heard> =>
	new Promise(resolve => {
		let text = '';
		let error: string | undefined;
		const socket = connect({host: '127.0.0.1', port});
		socket.setEncoding('utf8').on('data', chunk => {
			text += chunk;
		});
		socket.on('error', found => {
			error = 'code' in found ? String(found.code) : found.message;
		});
		socket.once('close', () => resolve({text, error}));
		if (word !== '') socket.write(word);
	});

const open = async (t: ExecutionContext, tell: () => Promise<string | undefined>) => {
	const port = await openMonitorPort({host: '127.0.0.1', port: 0}, tell);
	t.teardown(() => port.close());
	return port;
};

test('who connects is told and the connection closed, whatever was said', async t => {
	const {port} = await open(t, async () => 'text\n');
	t.deepEqual(await listen(port), {text: 'text\n', error: undefined});
	t.deepEqual(await listen(port, 'GET / HTTP/1.0\r\n\r\n'), {text: 'text\n', error: undefined});
});

test('nothing to tell is a reset', async t => {
	const {port} = await open(t, async () => undefined);
	t.deepEqual(await listen(port), {text: '', error: 'ECONNRESET'});
});

test('a failure to find out is a reset, and the port stays', async t => {
	let calls = 0;
	const {port} = await open(t, async () => {
		calls++;
		if (calls === 1) throw new Error('no');
		return 'text';
	});
	t.is((await listen(port)).error, 'ECONNRESET');
	t.is((await listen(port)).text, 'text');
});

test('no more than sixteen are answered at a time', async t => {
	let tell: (text: string) => void = () => undefined;
	const told = new Promise<string>(resolve => {
		tell = resolve;
	});
	let asked = 0;
	const {port} = await open(t, () => {
		asked++;
		return told;
	});
	const heard = Array.from({length: 16}, () => listen(port));
	await waitFor('sixteen questions', () => (asked === 16 ? true : undefined));
	t.is((await listen(port)).text, '');
	tell('text');
	t.true((await Promise.all(heard)).every(({text}) => text === 'text'));
	t.is(asked, 16);
});

test('an address that is in use cannot be had', async t => {
	const {port} = await open(t, async () => 'text');
	await t.throwsAsync(
		openMonitorPort({host: '127.0.0.1', port}, async () => 'other'),
		{
			code: 'EADDRINUSE',
		},
	);
});

test('closing ends those who wait', async t => {
	let asked = false;
	const opened = await open(t, () => {
		asked = true;
		return new Promise(() => undefined);
	});
	const heard = listen(opened.port);
	await waitFor('the question', () => (asked ? true : undefined));
	opened.close();
	t.is((await heard).text, '');
});
